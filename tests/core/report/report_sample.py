"""A small invented rubric, a draft about it, and feedback built by hand: every status and every kind of block once."""

from __future__ import annotations

from analyser.records import (
    Block,
    Criterion,
    CriterionFinding,
    Essay,
    EvidenceFinding,
    EvidenceItem,
    Feedback,
    Findings,
    JudgementFinding,
    JudgementRule,
    Level,
    Match,
    Message,
    Notice,
    Point,
    Quote,
    Rubric,
    Side,
    Slip,
    UnlinkedEvidence,
)

BLOCKS = [
    ("front_matter", "Rowan Student, 12B"),
    ("heading", "Ilse and Aldo of Norrland"),
    (
        "paragraph",
        "Was the rule of Ilse really like the rule of her son Aldo? I shall judge it by who was asked for advice and "
        "by what it cost. On the whole the two reigns were alike in what they wanted and different in how they got it.",
    ),
    (
        "paragraph",
        "Both rulers were short of money and both went to the Salt Guild for it. Ilse pledged the Crown of Brede in "
        "1412, and Aldo sold the harbour dues of Marrow to the same merchants. Neither of them could have kept an army "
        "without the guild, so the guild was the real master in both reigns & everybody knew it: <b>no salt, no "
        "soldiers</b>.",
    ),
    (
        "paragraph",
        "But they did not treat the nobles in the same way. Ilse called the Long Council in 1419 and let the barons "
        "speak. Aldo on the other hand ruled with a few friends. In the autumn there was a comet.",
    ),
    ("quotation", "The Queen hears all men and the Prince hears none. (Brother Odo)"),
    ("list_item", "Ilse won over the north with marriages."),
    ("list_item", "Some say Aldo was feared more than his mother was."),
    (
        "paragraph",
        "In conclusion they were alike in what they wanted, money and a quiet north, and different in how they got "
        "it. So the statement is only half true.",
    ),
    ("footnote", "1 The charter of 1412 is lost."),
]


def build_rubric() -> Rubric:
    return Rubric(
        id="ilse-aldo",
        version=2,
        language="en-GB",
        question="How far was the rule of Ilse of Norrland similar to that of her son Aldo?",
        sides=(Side("a", "Ilse", frame="1410-31"), Side("b", "Aldo", frame="1431-50")),
        judgement=JudgementRule(
            "Judges how far the two reigns were similar.", {"mixed": "alike in aims, not in means"}
        ),
        criteria=(
            Criterion("C1", "who took part in decisions"),
            Criterion("C2", "the price paid by subjects"),
            Criterion("C3", "how long the results lasted"),
        ),
        points=(
            Point("S1", "similarity", "both depended on credit from the Salt Guild"),
            Point("S2", "similarity", "both pacified the northern provinces through kinship"),
            Point("S3", "similarity", "both debased the coinage"),
            Point("D1", "difference", "Ilse governed through councils, whereas Aldo relied on favourites"),
            Point("D2", "difference", "Aldo inspired terror, whereas Ilse was loved"),
            Point("D3", "difference", "only Aldo waged war abroad"),
        ),
        evidence=(
            EvidenceItem("E1", "Salt Guild"),
            EvidenceItem("E2", "pledge of the Crown of Brede", date="1411"),
            EvidenceItem("E3", "Long Council"),
            EvidenceItem("E4", "harbour dues of Marrow"),
            EvidenceItem("E5", "Brother Odo"),
            EvidenceItem("E6", "siege of Varn"),
            EvidenceItem("E7", "comet of 1433"),
        ),
        levels=(Level("4", "A judgement with reasons."), Level("5", "A sustained judgement.")),
    )


def build_essay() -> Essay:
    text, blocks = "", []
    for kind, words in BLOCKS:
        text += "\n\n" if text else ""
        blocks.append(Block(len(text), len(text) + len(words), kind, 1 if kind == "heading" else 0))
        text += words
    return Essay("rowan", "drafts/rowan <2>.docx", text, tuple(blocks), (Notice("N101", "Tracked changes: accepted."),))


def build_feedback() -> Feedback:
    essay = build_essay()

    def quote(words: str, nth: int = 1) -> Quote:
        start = -1
        for _ in range(nth):
            start = essay.text.index(words, start + 1)
        return essay.quote(start, start + len(words))

    def match(about: str, status: str, *quotes: Quote, reason: str = "") -> Match:
        likely = "covered" if status == "unsure" else status
        shares = {label: 0.7 if label == likely else 0.1 for label in ("covered", "partial", "contradicted", "missing")}
        return Match(about, "similarity" if about[0] == "S" else "difference", status, 0.7, shares, quotes, reason)

    return Feedback(
        analyser_version="0.1.0",
        trained_models={"pipeline": "en_essay", "matcher": "matcher"},
        rubric=build_rubric(),
        essay=essay,
        findings=Findings(
            judgement=JudgementFinding(
                "stated",
                "mixed",
                ("introduction", "conclusion"),
                0.93,
                (
                    quote("alike in what they wanted and different in how they got it"),
                    quote("So the statement is only half true."),
                ),
            ),
            criteria=(
                CriterionFinding("C1", "covered", 0.9, (quote("I shall judge it by who was asked for advice"),)),
                CriterionFinding("C2", "unsure", 0.5, (quote("by what it cost"),)),
                CriterionFinding("C3", "missing", 0.8),
            ),
            evidence=(
                EvidenceFinding("E1", "used", 0.99, (quote("Salt Guild"), quote("the guild"), quote("the guild", 2))),
                EvidenceFinding("E2", "used", 0.9, (quote("Crown of Brede"),)),
                EvidenceFinding("E3", "used", 0.97, (quote("Long Council"),)),
                EvidenceFinding("E4", "misused", 0.8, (quote("the harbour dues of Marrow"),)),
                EvidenceFinding("E5", "unsure", 0.5, (quote("Brother Odo"),), "fuzzy"),
                EvidenceFinding("E6", "missing", 0.9),
                EvidenceFinding("E7", "named", 0.8, (quote("a comet"),), "description"),
            ),
            slips=(Slip("date", "E2", quote("1412"), "1412", "1411"),),
            unlinked_evidence=(UnlinkedEvidence("E7", quote("In the autumn there was a comet.")),),
        ),
        matches=(
            match("S1", "covered", quote("Both rulers were short of money and both went to the Salt Guild for it.")),
            match("S2", "partial", quote("Ilse won over the north with marriages."), reason="Only Ilse is mentioned."),
            match("S3", "missing"),
            match(
                "D1",
                "covered",
                quote(
                    "Ilse called the Long Council in 1419 and let the barons speak. "
                    "Aldo on the other hand ruled with a few friends."
                ),
            ),
            match("D2", "unsure", quote("Some say Aldo was feared more than his mother was.")),
            match("D3", "contradicted", quote("a quiet north")),
        ),
        coverage={"criteria": 1 / 3, "similarities": 0.5, "differences": 1 / 3, "evidence": 4 / 7},
        messages=(
            Message(
                "P101",
                "judgement",
                "praise",
                "You answer the question at the start and come back to it at the end: “alike in what they wanted and "
                "different in how they got it”.",
            ),
            Message("P120", "S1", "praise", "A likeness, clearly made: “Both rulers were short of money and both …”."),
            Message("P121", "D1", "praise", "You show where the two part ways: “Ilse called the Long Council …”."),
            Message(
                "P110", "C1", "praise", "You set yourself a test and name it: “I shall judge it by who was asked”."
            ),
            Message(
                "P500", "E2", "check", "Check the date in “Ilse pledged the Crown of Brede in 1412”.", "When was it?"
            ),
            Message(
                "P210",
                "S2",
                "next_step",
                "You show this for Ilse: “Ilse won over the north with marriages”.",
                "Now show it for Aldo, in the same sentence if you can.",
            ),
            Message(
                "P220", "D3", "check", "Check this claim against the evidence: “a quiet north”.", "What supports it?"
            ),
            Message(
                "P231",
                "D2",
                "next_step",
                "Is this a contrast? “Some say Aldo was feared more than his mother was”",
                "It can be read that way. Add what was otherwise on the other side.",
            ),
            Message(
                "P200",
                "S3",
                "next_step",
                "One shared feature is still open.",
                "If you had to convince a doubter that Ilse and Aldo belong together, what would you add?",
            ),
            Message(
                "P400",
                "E7",
                "next_step",
                "“In the autumn there was a comet” stands on its own.",
                "What does it show? Add a sentence that begins “This shows that …”",
            ),
        ),
    )
