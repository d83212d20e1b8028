"""A candidate's draft, from invitation to the unit: fields, evidence, consents, the employer's word."""
