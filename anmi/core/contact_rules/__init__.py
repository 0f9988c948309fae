"""The contact gate: may this person be contacted now, on this number, by this caller?

`gate.decide` answers Allowed or Refused with the rule, the reason and the instant from which it would be allowed.
The rules are rows of a versioned `rule_pack`; this code knows how to read them, never what they allow.
"""
