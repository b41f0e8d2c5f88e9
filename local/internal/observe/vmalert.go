package observe

import (
	"time"

	"taskwire.dev/local/internal/supervise"
)

// VMAlert evaluates alert rules against VictoriaMetrics, whose API also returns the alerts.
type VMAlert struct {
	Binary string
	Port   int
	// Rules is a pattern of rule files. Edited files are loaded within seconds; that there are none is no error.
	Rules string
	// Metrics is the port of VictoriaMetrics.
	Metrics int
	Log     string
}

// URL is the address of its API.
func (a VMAlert) URL() string { return address(a.Port) }

// Part is the process.
func (a VMAlert) Part() (supervise.Part, error) {
	revision, err := supervise.Revision(a.Binary)
	if err != nil {
		return supervise.Part{}, err
	}
	store := address(a.Metrics)
	return victoria(a.Port, supervise.Part{
		Name: "vmalert",
		Path: a.Binary,
		Args: []string{
			"-rule=" + a.Rules,
			"-configCheckInterval=5s",
			"-evaluationInterval=5s",
			"-rule.evalDelay=" + delay,
			"-datasource.url=" + store,
			// How long an alert has been pending survives a restart there.
			"-remoteWrite.url=" + store,
			"-remoteRead.url=" + store,
			// Alerts are shown, not sent.
			"-notifier.blackhole",
			"-external.url=" + store + "/vmalert",
		},
		Env:      environment("48MiB"),
		Log:      a.Log,
		Grace:    5 * time.Second,
		Revision: revision,
	}), nil
}
