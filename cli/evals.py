"""`vtion evals`: suites of questions, run, compared and kept."""

from cli import eval_ablation, eval_gold, eval_reports, eval_runs
from cli.evals_app import evals_app

__all__ = ["eval_ablation", "eval_gold", "eval_reports", "eval_runs", "evals_app"]
