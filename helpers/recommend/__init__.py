"""Recommenders with one interface: fit, predict, recommend, similar_items, explain, fold_in."""

from helpers.recommend.base import top
from helpers.recommend.baselines import Baseline, Popularity, Random
from helpers.recommend.bpr import BPR
from helpers.recommend.content import ContentBased
from helpers.recommend.ease import EASE
from helpers.recommend.factorization import MatrixFactorization
from helpers.recommend.hybrid import SwitchingHybrid, WeightedHybrid
from helpers.recommend.implicit import ImplicitALS
from helpers.recommend.item_features import item_features
from helpers.recommend.least_squares import ridge_rows
from helpers.recommend.neighbors import ItemKNN, UserKNN
from helpers.recommend.new_items import NewItems
from helpers.recommend.reranking import calibrate, cap, mmr, penalize_popularity
from helpers.recommend.two_stage import BoostedRanker, candidate_ranks, rank_by
from helpers.recommend.two_tower import TwoTower

__all__ = [
    "BPR",
    "EASE",
    "Baseline",
    "BoostedRanker",
    "ContentBased",
    "ImplicitALS",
    "ItemKNN",
    "MatrixFactorization",
    "NewItems",
    "Popularity",
    "Random",
    "SwitchingHybrid",
    "TwoTower",
    "UserKNN",
    "WeightedHybrid",
    "calibrate",
    "candidate_ranks",
    "cap",
    "item_features",
    "mmr",
    "penalize_popularity",
    "rank_by",
    "ridge_rows",
    "top",
]
