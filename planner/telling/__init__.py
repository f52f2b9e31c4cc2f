"""From a plan and its result to sentences, a chart and what to ask next."""
