"""How to object to a refusal (教示): what a refusal has to tell, as data; the sentences are in whitelist.messages.

Sample text of this site (assumed, not J-LIS's): that the Administrative Complaint Review Act applies to a refusal here,
and who decides, is our assumption. Its periods are the Act's: three months from the day after one learnt of the
disposition, one year from the day after the disposition (Act No. 68 of 2014, article 18); that they are told in writing
is article 82.
"""

OBJECTION_VERSION = "2026-11/sample-1"
MONTHS_FROM_KNOWLEDGE = 3
YEARS_FROM_DISPOSITION = 1
