package boards

// eventFlow follows an event from the command to the screen.
var eventFlow = board{
	id: "event-flow", title: "Event flow", from: "now-1h",
	description: "One change on its way: saved with its event, published from the outbox, handled by each consumer, and written to open streams.",
	rows: []row{
		{"Save", []panel{
			{
				title: "Changes", unit: "ops", width: 8,
				description: "Commands by outcome. A refused one is the client's mistake, an unavailable one means that the database is unavailable.",
				queries:     []query{{`sum by (outcome) (rate(taskwire_command_duration_seconds_count[$__rate_interval]))`, "{{outcome}}"}},
			},
			{
				title: "Time to save a change", unit: "s", width: 8, limits: []float64{0.1, 0.5},
				description: "From the command to its commit, as the caller waits, queueing included.",
				queries:     quantiles("taskwire_command_duration_seconds", "", ""),
			},
			{
				title: "Changes per commit", unit: "short", width: 4,
				description: "Group commit: the more changes arrive at a time, the more share one transaction.",
				queries: []query{
					{`sum(rate(taskwire_batch_size_sum[$__rate_interval])) / sum(rate(taskwire_batch_size_count[$__rate_interval]))`, "mean"},
				},
			},
			{
				title: "Time of a commit", unit: "s", width: 4,
				description: "One transaction of the group commit.",
				queries:     quantiles("taskwire_batch_duration_seconds", "", ""),
			},
		}},
		{"Publish", []panel{
			{
				title: "Age of the outbox", unit: "s", width: 8, limits: []float64{30, 300},
				description: "Of the oldest event that is saved and not yet published.",
				queries:     []query{{`max(taskwire_outbox_age_seconds)`, "oldest event"}},
			},
			{
				title: "Events in the outbox", unit: "short", width: 8,
				description: "Saved and not yet published.",
				queries:     []query{{`max(taskwire_outbox_rows)`, "events"}},
			},
			{
				title: "Published", unit: "ops", width: 8,
				description: "Events by topic, and failures, which are tried again in order.",
				queries: []query{
					{`sum by (topic) (rate(taskwire_outbox_published_total[$__rate_interval]))`, "{{topic}}"},
					{`sum(rate(taskwire_outbox_failed_total[$__rate_interval]))`, "failed"},
				},
			},
			{
				title: "From commit to broker", unit: "s", width: 24, limits: []float64{0.5, 5},
				description: "How long an event waits in the outbox, by topic.",
				queries:     quantiles("taskwire_commit_to_publish_duration_seconds", "", "{{topic}}", "topic"),
			},
		}},
		{"Consume", []panel{
			{
				title: "Lag in seconds", unit: "s", width: 8, limits: []float64{10},
				description: "Age of the oldest record that a consumer group has not handled. The alert ConsumerLag fires above 10 s.",
				queries:     []query{{`max by (group) (taskwire_consumer_lag_age_seconds)`, "{{group}}"}},
			},
			{
				title: "Lag in records", unit: "short", width: 8,
				description: "Records that a consumer group has not handled, over all partitions.",
				queries:     []query{{`sum by (group) (max by (group, topic, partition) (taskwire_consumer_lag))`, "{{group}}"}},
			},
			{
				title: "Members", unit: "short", width: 8,
				description: "Sidecars or dispatchers that read for a group. At 0 its events wait.",
				queries:     []query{{`max by (group) (taskwire_consumer_members)`, "{{group}}"}},
			},
			{
				title: "Events by outcome", unit: "ops", width: 8,
				description: "done; retried, since something was unavailable; refused or dead_lettered, stored for an administrator. Deduplicated events are done without effect.",
				queries: []query{
					{`sum by (consumer, outcome) (rate(taskwire_consumer_events_total[$__rate_interval]))`, "{{consumer}} {{outcome}}"},
					{`sum by (consumer) (rate(taskwire_consumer_deduplicated_total[$__rate_interval]))`, "{{consumer}} deduplicated"},
				},
			},
			{
				title: "Time to handle an event", unit: "s", width: 8,
				description: "Within one delivery, tries included.",
				queries:     quantiles("taskwire_consumer_duration_seconds", "", "{{consumer}}", "consumer"),
			},
			{
				title: "Open dead letters", unit: "short", width: 8, limits: []float64{1},
				description: "Events that were refused or failed too often, by consumer. Any is critical.",
				queries:     []query{{`max by (consumer) (taskwire_dead_letters_open)`, "{{consumer}}"}},
			},
		}},
		{"Show", []panel{
			{
				title: "From commit to stream", unit: "s", width: 8, limits: []float64{1},
				description: "From the commit of a change to its frame on an open stream. The objective: 99.9 % within 1 s.",
				queries:     quantiles("taskwire_commit_to_stream_duration_seconds", "", ""),
			},
			{
				title: "Frames", unit: "ops", width: 8,
				description: "Written to open streams.",
				queries:     []query{{`sum(rate(taskwire_stream_frames_total[$__rate_interval]))`, "frames"}},
			},
			{
				title: "Reminders late by", unit: "s", width: 8,
				description: "From the moment that a user chose to the event. A tick sends them, so up to its interval is normal.",
				queries:     quantiles("taskwire_reminder_lateness_seconds", "", ""),
			},
		}},
	},
}
