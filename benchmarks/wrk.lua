-- Sends the requests of a file in turn, one a line: method, path, body. Answers one line of JSON about the run.

local prepared, turn = {}, 0

function init(args)
   wrk.headers["Content-Type"] = "application/json"
   wrk.headers["Authorization"] = os.getenv("BENCH_AUTHORIZATION")
   for line in io.lines(os.getenv("BENCH_REQUESTS")) do
      local method, path, body = line:match("^(%S+) (%S+) ?(.*)$")
      prepared[#prepared + 1] = wrk.format(method, path, nil, body ~= "" and body or nil)
   end
end

function request()
   turn = turn % #prepared + 1
   return prepared[turn]
end

function done(summary, latency, requests)
   local errors = summary.errors
   io.write(string.format(
      '\nRESULT {"requests": %d, "microseconds": %d, "refused": %d, "broken": %d, "p50": %d, "p99": %d}\n',
      summary.requests, summary.duration, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
      latency:percentile(50), latency:percentile(99)))
end
