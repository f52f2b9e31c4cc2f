"""What a sum, a product or a quotient of two expressions means."""

from dataclasses import replace

from sqlglot import exp

from aggregation.meaning import DIMENSION, MEASURE, SHARE, ExpressionMeaning
from aggregation.ratio_reading import TIME_DIVISORS, has_factor_hundred, is_part_of_count
from domain.summary import Additivity


def sum_of_terms(
    expression: exp.Expr, left: ExpressionMeaning, right: ExpressionMeaning
) -> ExpressionMeaning:
    """Returns what a sum or a difference means: it adds up where both sides do."""
    if left.role == right.role == "dimension":
        return DIMENSION
    unit = left.unit if left.unit == right.unit else ""
    both_add = left.additivity is right.additivity is Additivity.SUM
    return replace(
        MEASURE,
        additivity=Additivity.SUM if both_add else Additivity.NONE,
        unit=unit,
        is_constant=left.is_constant and right.is_constant,
    )


def product(
    expression: exp.Expr, left: ExpressionMeaning, right: ExpressionMeaning
) -> ExpressionMeaning:
    """Returns what a product means: a measure scaled by a constant is still that measure."""
    if left.is_constant and right.is_constant:
        return replace(MEASURE, is_constant=True)
    factor, scaled = (left, right) if left.is_constant else (right, left)
    if not factor.is_constant:
        return MEASURE
    additivity = scaled.additivity if scaled.additivity is Additivity.SUM else Additivity.NONE
    unit = "%" if has_factor_hundred(expression) and scaled.unit == SHARE else ""
    return replace(MEASURE, additivity=additivity, unit=unit, words=scaled.words)


def quotient(
    expression: exp.Expr, above: ExpressionMeaning, below: ExpressionMeaning
) -> ExpressionMeaning:
    """Returns what a quotient means: it adds up where it only scales."""
    if above.is_constant and below.is_constant:
        return replace(MEASURE, is_constant=True)
    if above.role == below.role == "dimension":
        return DIMENSION
    adds = below.is_constant and above.additivity is Additivity.SUM
    return replace(
        MEASURE,
        additivity=Additivity.SUM if adds else Additivity.NONE,
        unit=_quotient_unit(expression, above, below),
        words=above.words if below.is_constant else "",
    )


def _quotient_unit(expression: exp.Expr, above: ExpressionMeaning, below: ExpressionMeaning) -> str:
    divisor = expression.expression.unnest()
    if isinstance(divisor, exp.Literal) and not divisor.is_string:
        return TIME_DIVISORS.get((above.unit, float(divisor.this)), "")
    if has_factor_hundred(expression.this.unnest()):
        return "%"
    if above.unit == below.unit:
        is_part = below.is_constant or is_part_of_count(expression.this, expression.expression)
        return SHARE if is_part else ""
    return "" if below.unit else above.unit
