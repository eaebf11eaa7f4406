"""From a plan and the evidence to an answer, in the documents' own sentences."""
