"""Facts that cannot both be right are asked about; facts that can are not."""

import pytest

from analyser.drafting import draft_rubric

QUESTION = "How similar was Stalin's use of terror in the 1930s to Lenin's use of terror in the years 1918-24?"

CASES = [
    # must be asked about
    ("Both leaders held trials. Stalin's Trial of the Sixteen in 1936 was public. Lenin held one too, whereas the "
     "Trial of the Sixteen in 1938 was greater.", "dates it"),
    ("Both leaders used camps. Stalin crushed the Kronstadt Rising in 1951, whereas Lenin did not.", "lies outside"),
    ("Both leaders used camps. Stalin purged the party, whereas Lenin in 1924-1918 did not.", "ends before"),
    # must not
    ("Both leaders held trials. Stalin's Trial of the Sixteen in 1936 was public, whereas Lenin killed in secret.", ""),
    ("Both leaders used camps. Stalin lost Kirov in 1934, whereas Lenin founded the Cheka in 1917.", ""),
]  # fmt: skip


@pytest.mark.parametrize(("body", "said"), CASES)
def test_contradictions(tmp_path, body, said):
    path = tmp_path / "answer.txt"
    path.write_text(f"{QUESTION}\n\n{body}\n", encoding="utf8")
    told = [n.text for n in draft_rubric(path).notices if n.code == "N363"]
    assert (said in told[0]) if said else not told
