"""Serves the weights on loopback, in the protocol of OpenAI's chat completions."""

import sys
import threading

import xllamacpp

CONTEXT_TOKENS = 8_192
THREADS = 2
PREFIX_CACHE_MIB = 512


def main(weights: str, port: int) -> None:
    """Serves until it is stopped."""
    parameters = xllamacpp.CommonParams()
    parameters.model.path = weights
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = port
    parameters.n_ctx = CONTEXT_TOKENS
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = THREADS
    parameters.use_jinja = True
    # Keeps the fixed part of prompts that another prompt has pushed out.
    parameters.cache_ram_mib = PREFIX_CACHE_MIB
    server = xllamacpp.Server(parameters)
    print(f"qwen2.5-coder-1.5b (a small model) at {server.listening_address}/v1", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
