"""A date rule is lost from a prompt: the comparison names the samples, the gate holds it back."""

from pathlib import Path

from evals.gates import broken_gates
from settings.settings import Settings
from tests.evals.lost_rule import GATES, prove


async def test_a_lost_rule_is_caught_live_and_from_the_recording(
    shop_settings: Settings, tmp_path: Path
) -> None:
    live, replayed = await prove(tmp_path, shop_settings)
    for comparison in (live, replayed):
        lost = {pair.key for pair in comparison.lost}
        assert comparison.share_before == 1.0
        assert lost
        assert all("time" in pair.tags for pair in comparison.lost)
        assert not comparison.won
        assert [delta.tag for delta in comparison.by_tag()] == ["time"]
        assert comparison.p < 0.05
        reasons = broken_gates(GATES, [], comparison)
        assert len(reasons) == 2
        assert "fail that passed before" in reasons[0]
    assert [p.after[0].steps[0].sql for p in live.pairs] == [
        p.after[0].steps[0].sql for p in replayed.pairs
    ]
    step = live.pairs[0].after[0].steps[0]
    assert live.pairs[0].after[0].versions.prompts["draft_sql"] == "lost_rule"
    assert "You write SQL" in step.model_calls[0].rendered
    assert step.tokens_in > 0
