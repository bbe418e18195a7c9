"""What a class needs: the teacher's handbook, a course for nbgrader, copies without solutions."""
