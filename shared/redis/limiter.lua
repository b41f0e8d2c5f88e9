-- The generic cell rate algorithm, as in ratelimit.Local; times are in microseconds, by Redis' own clock.
-- KEYS[1] holds the instant at which the key has its whole burst again, and goes then.
-- ARGV: the interval, the burst, and 'take', 'wait' to only ask, or 'restart' to take the first.
-- Returns how long to wait, 0 when there is one.
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local interval, burst, mode = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local before = mode ~= 'restart' and tonumber(redis.call('GET', KEYS[1]) or 0) or 0
local full = math.max(before, now) + interval
local wait = full - now - burst * interval
if wait > 0 then
  return wait
end
if mode ~= 'wait' then
  redis.call('SET', KEYS[1], string.format('%d', full), 'PX', math.ceil((full - now) / 1000))
end
return 0
