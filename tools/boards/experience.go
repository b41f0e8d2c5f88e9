package boards

// slow is the share of changes that reached a stream later than 1 s, over a window.
func slow(window string) string {
	return `(1 - sum(rate(taskwire_commit_to_stream_duration_seconds_bucket{le=~"1|1.0"}[` + window + `])) / sum(rate(taskwire_commit_to_stream_duration_seconds_count[` + window + `])))`
}

// experience is what users notice, and how much of the error budget is left.
var experience = board{
	id: "experience", title: "Users' experience", from: "now-24h",
	description: "The objective: 99.9 % of changes are on the stream within 1 s of their commit, over 30 days.",
	rows: []row{
		{"Objective", []panel{
			{
				title: "Within 1 s", figure: true, unit: "percentunit", width: 6, limits: []float64{0.998, 0.999}, low: true,
				description: "Share of changes on the stream within 1 s, in the time range of the board.",
				queries:     []query{{`1 - ` + slow("$__range"), "within 1 s"}},
			},
			{
				title: "Error budget left", figure: true, unit: "percentunit", width: 6, limits: []float64{0, 0.25}, low: true,
				description: "If the time range of the board were the month. 0 % is the objective just met.",
				queries:     []query{{`1 - ` + slow("$__range") + ` / 0.001`, "left"}},
			},
			{
				title: "Failing requests", figure: true, unit: "percentunit", width: 6, limits: []float64{0.001, 0.01},
				description: "Share of the gateway's responses that are 5xx, in the time range of the board.",
				queries: []query{{
					`sum(increase(http_server_request_duration_seconds_count{service_name="gateway", http_response_status_code=~"5.."}[$__range])) / sum(increase(http_server_request_duration_seconds_count{service_name="gateway"}[$__range])) or vector(0)`,
					"5xx",
				}},
			},
			{
				title: "Firing alerts", figure: true, unit: "short", width: 6, limits: []float64{1},
				description: "Of Taskwire; docs/runbooks.md has a section for each.",
				queries:     []query{{`count(ALERTS{app="taskwire", alertstate="firing"}) or vector(0)`, "alerts"}},
			},
			{
				title: "Burn rate", unit: "short", width: 12, limits: []float64{1, 6},
				description: "At 1 the budget lasts just 30 days. Alerts fire at 14.4 (1 h), 6 (6 h), 3 (1 d) and 1 (3 d).",
				queries: []query{
					{`taskwire:sync_slow:ratio_rate1h / 0.001`, "1 h"},
					{`taskwire:sync_slow:ratio_rate6h / 0.001`, "6 h"},
					{`taskwire:sync_slow:ratio_rate1d / 0.001`, "1 d"},
					{`taskwire:sync_slow:ratio_rate3d / 0.001`, "3 d"},
				},
			},
			{
				title: "Alerts over time", unit: "short", width: 12,
				description: "Alerts that fire, by name.",
				queries:     []query{{`sum by (alertname, severity) (ALERTS{app="taskwire", alertstate="firing"})`, "{{severity}} {{alertname}}"}},
			},
		}},
		{"What users wait for", []panel{
			{
				title: "Requests", unit: "s", width: 12, limits: []float64{0.5, 2},
				description: "Latency of the gateway's responses, streams excluded.",
				queries:     quantiles("http_server_request_duration_seconds", `service_name="gateway", http_route!~"/api/stream.*"`, ""),
			},
			{
				title: "A change on another screen", unit: "s", width: 12, limits: []float64{1},
				description: "From commit to stream.",
				queries:     quantiles("taskwire_commit_to_stream_duration_seconds", "", ""),
			},
			{
				title: "Responses by status", unit: "reqps", width: 12,
				description: "Of the gateway.",
				queries:     []query{{`sum by (http_response_status_code) (rate(http_server_request_duration_seconds_count{service_name="gateway"}[$__rate_interval]))`, "{{http_response_status_code}}"}},
			},
			{
				title: "Reminders", unit: "ops", width: 12,
				description: "Sent, by kind.",
				queries:     []query{{`sum by (kind) (rate(taskwire_reminders_sent_total[$__rate_interval]))`, "{{kind}}"}},
			},
		}},
		{"Streams", []panel{
			{
				title: "Open streams", unit: "short", width: 8,
				description: "Dashboards and scripts that receive changes, over all gateways.",
				queries:     []query{{`sum(taskwire_streams_open)`, "open"}},
			},
			{
				title: "Streams of the fullest gateway", unit: "percentunit", width: 8, limits: []float64{0.8, 1},
				description: "Share of its limit. At 100 % it refuses new ones.",
				queries:     []query{{`max(taskwire_streams_open / taskwire_streams_limit)`, "fullest"}},
			},
			{
				title: "Resets", unit: "ops", width: 8,
				description: "Streams whose client had to reload everything, by reason: too slow, too much missed, another epoch.",
				queries:     []query{{`sum by (reason) (rate(taskwire_stream_resets_total[$__rate_interval]))`, "{{reason}}"}},
			},
		}},
	},
}
