"""The VTION sample: a synthetic mobile audience panel."""
