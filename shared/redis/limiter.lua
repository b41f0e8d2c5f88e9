-- The generic cell rate algorithm, as in ratelimit.Local; times are in microseconds, by Redis' own clock.
-- KEYS[1] holds the instant at which the key has its whole burst again, and goes then.
-- ARGV: the interval, the burst, how many to take (negative: to give back).
-- Returns how long to wait, 0 when it was taken.
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local interval, burst, n = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + n * interval
local wait = full - now - burst * interval
if n > 0 and wait > 0 then
  return wait
end
if full > now then
  redis.call('SET', KEYS[1], string.format('%d', full), 'PX', math.ceil((full - now) / 1000))
else
  redis.call('DEL', KEYS[1])
end
return 0
