"""Answers to lesson 14 that learners give: right ones by another way, and what wrong ones hear."""

from scipy.special import ndtr, ndtri

from exercises.lesson_14 import (
    adjusted_difference,
)
from helpers import campaigns
from tests.exercises.lessons.answers import are_right, are_told


def by_mean_of_adjusted(users, theta):
    adjusted = users["after"] - theta * (users["before"] - users["before"].mean())
    return adjusted[users["treated"]].mean() - adjusted[~users["treated"]].mean()


def by_formula_of_helper(p, effect, z):
    power = ndtr(z - ndtri(0.975))
    sd = [(p * (1 - p)) ** 0.5, ((p + effect) * (1 - p - effect)) ** 0.5]
    return campaigns.sample_size(effect, sd, power=power)


def by_inverse_propensity(customers):
    e = customers.groupby("segment")["treated"].transform("mean")
    z = customers["spent"] * (customers["treated"] - e) / (e * (1 - e))
    return z.mean()


def by_curve(users, k):
    campaign = users.assign(user_id=users.index)
    curve = campaigns.qini_curve(campaign, users["score"], "bought").set_index("users")
    return curve.loc[k, "gain"] * users["treated"].sum()


def by_transformed_outcome(campaign, e):
    z = campaign["earned"] * (campaign["treated"] - e) / (e * (1 - e))
    return z[campaign["chosen"]].sum()


def by_counting(customers, columns):
    return customers[columns].astype(object).fillna("missing").value_counts().min()


test_another_way_is_right_too = are_right(
    ("14-2", by_formula_of_helper),
    ("14-3", by_mean_of_adjusted),
    ("14-4", by_inverse_propensity),
    ("14-5", by_curve),
    ("14-6", by_transformed_outcome),
    ("14-7", by_counting),
)


def by_mean_of_each_group(users, theta):
    centered = users["before"] - users.groupby("treated")["before"].transform("mean")
    return adjusted_difference(users.assign(after=users["after"] - theta * centered), 0)


# Answers that learners give, and what they must hear.
test_what_an_answer_is_told = are_told(
    ("14-3", lambda users, theta: users["after"].mean() - users["before"].mean(), "not right"),
    ("14-3", by_mean_of_each_group, "cancels"),
    ("14-4", lambda customers: customers.groupby("segment")["spent"].mean().mean(), "not right"),
)
