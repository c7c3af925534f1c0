-- Sends the requests of a file over and over, and tells the figures as JSON.
-- The file has a request per line: method, path, token, content type, body, parted by tabs.

local sent = {}
local at = 0

function init(args)
   for line in io.lines(args[1]) do
      local method, path, token, kind, body =
         line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$")
      local headers = {}
      if token ~= "" then headers["Authorization"] = "Bearer " .. token end
      if body ~= "" then headers["Content-Type"] = kind end
      if body == "" then body = nil end
      sent[#sent + 1] = wrk.format(method, path, headers, body)
   end
end

function request()
   at = at % #sent + 1
   return sent[at]
end

function done(summary, latency, requests)
   local errors = summary.errors
   io.write(string.format(
      'figures {"requests": %d, "seconds": %.6f, "p50": %.4f, "p95": %.4f, "p99": %.4f, ' ..
         '"refused": %d, "broken": %d}\n',
      summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
      latency:percentile(95) / 1e3, latency:percentile(99) / 1e3, errors.status,
      errors.connect + errors.read + errors.write + errors.timeout))
end
