package boards

// infrastructure is what Taskwire runs on.
var infrastructure = board{
	id: "infrastructure", title: "Infrastructure", from: "now-6h",
	description: "Sidecars, pools, keys, certificates and backups.",
	rows: []row{
		{"Dates", []panel{
			{
				title: "Age of the signing key", figure: true, unit: "s", width: 6, limits: []float64{150 * 86400, 180 * 86400},
				description: "Replace it every half year.",
				queries:     []query{{`time() - max(kube_secret_created{namespace="taskwire", secret="taskwire-signing-key"})`, "key"}},
			},
			{
				title: "Dapr's issuer expires in", figure: true, unit: "s", width: 6, limits: []float64{14 * 86400, 30 * 86400}, low: true,
				description: "Empty where Dapr's control plane is not scraped, as on a laptop.",
				queries:     []query{{`min(dapr_sentry_issuercert_expiry_timestamp) - time()`, "issuer"}},
			},
			{
				title: "The front door's certificate expires in", figure: true, unit: "s", width: 6, limits: []float64{14 * 86400, 30 * 86400}, low: true,
				description: "Empty where cert-manager does not keep it.",
				queries:     []query{{`min(certmanager_certificate_expiration_timestamp_seconds{name="taskwire-tls"}) - time()`, "front door"}},
			},
			{
				title: "Age of the last backup", figure: true, unit: "s", width: 6, limits: []float64{24 * 3600, 26 * 3600},
				description: "Empty where nothing reports it.",
				queries:     []query{{`min(taskwire_backup_age_seconds)`, "backup"}},
			},
		}},
		{"Sidecars and dispatchers", []panel{
			{
				title: "Sidecars", unit: "short", width: 8,
				description: "That answer, by function. Each process of a function that has one should have its own.",
				queries:     []query{{`count by (service_name) (up{job="dapr"} == 1)`, "{{service_name}}"}},
			},
			{
				title: "Dispatchers", unit: "short", width: 8,
				description: "Of Knative's KafkaSources; none on a laptop.",
				queries:     []query{{`count(up{job="kafka-source-dispatcher"} == 1)`, "dispatchers"}},
			},
			{
				title: "Retries and open circuits", unit: "ops", width: 8,
				description: "How often a sidecar applied a policy of dapr/base/resiliency.yaml.",
				queries:     []query{{`sum by (app_id, policy, target) (rate(dapr_resiliency_activations_total[$__rate_interval]))`, "{{app_id}} {{policy}} {{target}}"}},
			},
			{
				title: "Requests of sidecars to functions", unit: "reqps", width: 12,
				description: "Deliveries, ticks and invocations, by path and status.",
				queries: []query{{
					`sum by (app_id, method, path, status) (rate(dapr_http_client_completed_count[$__rate_interval]))`,
					"{{app_id}} {{method}} {{path}} {{status}}",
				}},
			},
			{
				title: "Events at sidecars", unit: "ops", width: 12,
				description: "Deliveries by result, and publications; a batch counts as one. Dead letters come and go one by one. A retried event stays in the sidecar.",
				queries: []query{
					{
						`sum by (app_id, topic, process_status) (rate(dapr_component_pubsub_ingress_count[$__rate_interval]))`,
						"to {{app_id}} {{topic}} {{process_status}}, one by one",
					},
					{
						`sum by (app_id, topic, success) (rate(dapr_component_pubsub_egress_count[$__rate_interval]))`,
						"from {{app_id}} {{topic}} success={{success}}, one by one",
					},
					{
						`sum by (app_id, topic, process_status) (rate(dapr_component_pubsub_ingress_bulk_event_count[$__rate_interval]))`,
						"to {{app_id}} {{topic}} {{process_status}}",
					},
					{
						`sum by (app_id, topic, success) (rate(dapr_component_pubsub_egress_bulk_count[$__rate_interval]))`,
						"from {{app_id}} {{topic}} success={{success}}",
					},
				},
			},
		}},
		{"Pools", []panel{
			{
				title: "Database connections", unit: "short", width: 8,
				description: "Open, over all functions. PostgreSQL's max_connections must be higher.",
				queries: []query{
					{`sum(pgxpool_total_connections)`, "open"},
					{`sum(pgxpool_acquired_connections)`, "in use"},
				},
			},
			{
				title: "Redis connections", unit: "short", width: 8,
				description: "By function and state.",
				queries:     []query{{`sum by (service_name, state) (db_client_connections_usage)`, "{{service_name}} {{state}}"}},
			},
			{
				title: "Memory of functions", unit: "bytes", width: 8,
				description: "Of the Go runtimes, over all functions.",
				queries:     []query{{`sum(go_memory_used_bytes)`, "used"}},
			},
		}},
	},
}
