.PHONY: test-browser looks

test-browser: install chromium demo-data ## Runs the browser tests that need a service of their own
	cd ui && npm run e2e:identity && npm run e2e:console

looks: install chromium demo-data ## Writes pictures of every view, in every width and theme, to artifacts/looks
	cd ui && npm run looks
