.PHONY: test-browser

test-browser: install chromium demo-data ## Runs the browser tests that need a service of their own
	cd ui && npm run e2e:identity
