"""plan_essence sql_values tie_breaks agreed_measures From a plan to Athena SQL."""
