"""A small model answer in the genre of examiners' guidance."""

GUIDANCE = """How similar were the reigns of Mary I and Elizabeth I?

Answers should reach a judgement on how similar the two reigns were. The introduction might note that both queens came \
to the throne after a contested succession. It should set out standards, such as the aims of each queen, the methods \
she used and how far she was obeyed.

There are clear similarities. Both queens faced plots against their lives, such as Wyatt's rebellion of 1554 and the \
Ridolfi Plot of 1571. Each relied on a small privy council. Neither was able to raise enough money from parliament.

Against this, answers should show where the reigns differed. Mary restored the Catholic Church, whereas Elizabeth \
settled on a Protestant one in 1559. Mary married Philip of Spain; Elizabeth refused every suitor. Mary lost Calais in \
1558. Elizabeth, by contrast, defeated the Armada in 1588.
"""
