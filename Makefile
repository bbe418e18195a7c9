# Thin wrappers: everything is done by `python -m tools.<name>`, which works without make too.
PYTHON ?= python3

.PHONY: help lab test fresh review data report book serve doctor pack author notebook replicate check lock bench

help: ## list these targets
	@awk -F ' *## ' '/^[a-z]+:/ { split($$1, name, ":"); printf "  make %-10s %s\n", name[1], $$2 }' Makefile

# LANG as somebody typed it, not that of the shell.
SPOKEN = $(if $(filter command,$(origin LANG)),--lang="$(LANG)")

lab: ## open the lessons in JupyterLab (sets everything up the first time); LANG=zh: 简体中文
	@$(PYTHON) -m tools.lab $(if $(EXTRA),--extra=$(EXTRA)) $(SPOKEN)

test: ## prove that it works on this machine: every lesson, exercise and helper
	@$(PYTHON) -m tools.test

fresh: ## a new copy of a lesson, yours kept aside: make fresh NB=05
	@$(PYTHON) -m tools.fresh $(NB) $(SPOKEN)

review: ## five questions on the lessons you have worked, in two minutes; LANG=zh: 简体中文
	@$(PYTHON) -m tools.review $(SPOKEN)

data: ## what case studies download: make data lists it, make data NAME=online_retail fetches
	@$(PYTHON) -m tools.data $(NAME)

report: ## a page for your manager: make report CSV=orders.csv OUT=report.html LANG=zh
	@$(PYTHON) -m tools.report --out="$(or $(OUT),report.html)" --map="$(MAP)" $(if $(YES),--yes) \
		$(if $(FORCE),--force) $(SPOKEN) "$(CSV)"

book: ## the course as a book, to read in a browser: book/en/index.html; LANG=zh: 简体中文; PDF=1: to print
	@$(PYTHON) -m tools.book $(SPOKEN) $(if $(TEACHER),--teacher) $(if $(PDF),--pdf)

serve: ## run the shop's API from lesson 16, after its nightly job: docs at /docs
	@$(PYTHON) -m tools.serve

doctor: ## what is wrong with this setup, and how to fix it
	@$(PYTHON) -m tools.doctor $(SPOKEN)

pack: ## for teachers: a zip for students without solutions, one for you, a course for nbgrader
	@$(PYTHON) -m tools.pack

author: ## for authors: open notebooks/ itself in JupyterLab
	@$(PYTHON) -m tools.author

notebook: ## for authors: execute, normalize and check one lesson: make notebook NB=05
	@$(PYTHON) -m tools.notebook $(NB)

replicate: ## for authors: ask twenty other shops what a lesson concludes: make replicate NB=05
	@$(PYTHON) -m tools.replicate $(NB) $(if $(ALL),--all)

check: ## for authors: prove all the rest: the gates that a change can have broken; ALL=1: every gate
	@$(PYTHON) -m tools.check $(if $(ALL),--all)

lock: ## for authors: renew the locks after a change of pyproject.toml
	@$(PYTHON) -m tools.lock

bench: ## for authors: time and memory beside plain pandas and the peers
	@$(PYTHON) -m tools.bench
