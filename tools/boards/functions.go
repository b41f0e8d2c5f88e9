package boards

const service = `service_name=~"$service"`

// functions compares the functions with each other, or shows one.
var functions = board{
	id: "functions", title: "Functions", from: "now-1h", byService: true,
	description: "Requests, errors, latency and resources of each function.",
	rows: []row{
		{"Requests", []panel{
			{
				title: "Requests", unit: "reqps", width: 8,
				description: "Requests and deliveries by function.",
				queries:     []query{{`sum by (service_name) (rate(http_server_request_duration_seconds_count{` + service + `}[$__rate_interval]))`, "{{service_name}}"}},
			},
			{
				title: "Errors", unit: "percentunit", width: 8, limits: []float64{0.01, 0.05},
				description: "Share of 5xx. Consumers answer so to have an event delivered again.",
				queries: []query{{
					`sum by (service_name) (rate(http_server_request_duration_seconds_count{` + service + `, http_response_status_code=~"5.."}[$__rate_interval])) / sum by (service_name) (rate(http_server_request_duration_seconds_count{` + service + `}[$__rate_interval]))`,
					"{{service_name}}",
				}},
			},
			{
				title: "Latency", unit: "s", width: 8,
				description: "Time to the end of the response.",
				queries:     quantiles("http_server_request_duration_seconds", service, "{{service_name}}", "service_name"),
			},
			{
				title: "Requests by route and status", unit: "reqps", width: 12,
				description: "The routes of the chosen functions.",
				queries: []query{{
					`sum by (service_name, http_request_method, http_route, http_response_status_code) (rate(http_server_request_duration_seconds_count{` + service + `}[$__rate_interval]))`,
					"{{service_name}} {{http_request_method}} {{http_route}} {{http_response_status_code}}",
				}},
			},
			{
				title: "Calls to other functions", unit: "s", width: 12,
				description: "Latency of calls that the chosen functions make, by function called.",
				queries:     quantiles("http_client_request_duration_seconds", service, "{{service_name}} to {{taskwire_function}}", "service_name", "taskwire_function"),
			},
		}},
		{"Resources", []panel{
			{
				title: "Memory", unit: "bytes", width: 8,
				description: "What the Go runtime holds, without the program itself.",
				queries:     []query{{`sum by (service_name) (go_memory_used_bytes{` + service + `})`, "{{service_name}}"}},
			},
			{
				title: "Goroutines", unit: "short", width: 8,
				description: "A number that only grows is a leak.",
				queries:     []query{{`sum by (service_name) (go_goroutine_count{` + service + `})`, "{{service_name}}"}},
			},
			{
				title: "Processes", unit: "short", width: 8,
				description: "That report metrics. A function that is scaled to zero has none.",
				queries:     []query{{`count by (service_name) (go_goroutine_count{` + service + `})`, "{{service_name}}"}},
			},
			{
				title: "Database connections in use", unit: "percentunit", width: 12, limits: []float64{0.8, 1},
				description: "Share of the pool. At 100 % requests wait for a connection.",
				queries: []query{{
					`sum by (service_name) (pgxpool_acquired_connections{` + service + `}) / sum by (service_name) (pgxpool_max_connections{` + service + `})`,
					"{{service_name}}",
				}},
			},
			{
				title: "Waits for a database connection", unit: "ops", width: 12,
				description: "Requests that found the pool empty.",
				queries:     []query{{`sum by (service_name) (rate(pgxpool_empty_acquire_total{` + service + `}[$__rate_interval]))`, "{{service_name}}"}},
			},
		}},
		{"Sign-in", []panel{
			{
				title: "Logins", unit: "ops", width: 12,
				description: "Many that are refused or throttled: somebody tries passwords.",
				queries:     []query{{`sum by (outcome) (rate(taskwire_logins_total[$__rate_interval]))`, "{{outcome}}"}},
			},
			{
				title: "Security events", unit: "ops", width: 12,
				description: "Audit lines by kind, such as a reused refresh token or a forged event.",
				queries:     []query{{`sum by (event) (rate(taskwire_security_events_total[$__rate_interval]))`, "{{event}}"}},
			},
		}},
	},
}
