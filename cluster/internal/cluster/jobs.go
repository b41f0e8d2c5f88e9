package cluster

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"taskwire.dev/tools/manifest"
	"taskwire.dev/tools/topics"
)

// runJobs runs the overlay's Jobs, which create tables and topics, to completion: functions need them. If no Job
// creates the topics, they are created from here.
func (c Cluster) runJobs(ctx context.Context, o Options, jobs []manifest.Object) error {
	if !slices.ContainsFunc(jobs, func(job manifest.Object) bool { return job.Name() == "topics" }) && o.KafkaBrokers != "" {
		err := c.Report.Do("Make the topics", func() error {
			wanted, err := topics.Read(filepath.Join(o.Root, "eventing", "topics.yaml"))
			if err != nil {
				return err
			}
			_, err = topics.Create(ctx, strings.Split(o.KafkaBrokers, ","), wanted)
			return err
		})
		if err != nil {
			return err
		}
	}
	for _, job := range jobs {
		if err := c.Report.Do("Run the job "+job.Name(), func() error { return c.runJob(ctx, job) }); err != nil {
			return err
		}
	}
	return nil
}

// deleteJobs makes room for Jobs that are to run again: a completed one cannot be changed.
func (c Cluster) deleteJobs(ctx context.Context, names ...string) error {
	_, err := c.kubectl(ctx, nil, slices.Concat([]string{"-n", Namespace, "delete", "job"}, names, []string{"--ignore-not-found", "--wait"})...)
	return err
}

// runJob runs a Job, also one that has run.
func (c Cluster) runJob(ctx context.Context, job manifest.Object) error {
	name := job.Name()
	if err := c.deleteJobs(ctx, name); err != nil {
		return err
	}
	content, err := manifest.Encode([]manifest.Object{job})
	if err != nil {
		return err
	}
	if err := c.apply(ctx, content); err != nil {
		return err
	}
	return c.completes(ctx, name)
}

// setVariable sets an environment variable of a Job's containers, where they have it.
func setVariable(job manifest.Object, name, value string) {
	containers, _ := podSpec(job)["containers"].([]any)
	for _, c := range containers {
		container, _ := c.(map[string]any)
		variables, _ := container["env"].([]any)
		for _, v := range variables {
			if variable, _ := v.(map[string]any); variable["name"] == name {
				variable["value"] = value
			}
		}
	}
}

// podSpec is the specification of a Job's pods, which may be changed.
func podSpec(job manifest.Object) map[string]any {
	spec, _ := job["spec"].(map[string]any)
	template, _ := spec["template"].(map[string]any)
	pod, _ := template["spec"].(map[string]any)
	return pod
}

// jobTimeout is above the activeDeadlineSeconds of every Job, so that Kubernetes ends it first and says why.
const jobTimeout = 16 * time.Minute

// completes waits for a Job. It shows the last lines of each failed try at once, though the Job goes on, and returns as
// soon as the Job has failed or one of its pods cannot start: `kubectl wait` would only notice success.
func (c Cluster) completes(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, jobTimeout)
	defer cancel()
	shown := map[string]bool{}
	for {
		var job struct {
			Status struct {
				Conditions []struct{ Type, Status, Reason, Message string } `json:"conditions"`
			} `json:"status"`
		}
		exists, err := c.get(ctx, &job, "job", name)
		if err != nil {
			return err
		}
		if !exists {
			return fmt.Errorf("somebody deleted the job %s", name)
		}
		for _, condition := range job.Status.Conditions {
			if condition.Type == "Complete" && condition.Status == "True" {
				return nil
			}
		}
		pods, err := c.podsOfJob(ctx, name)
		if err != nil {
			return err
		}
		for _, pod := range pods {
			if reason := pod.stuck(); reason != "" {
				return fmt.Errorf("the pod %s cannot start: %s", pod.Metadata.Name, reason)
			}
			if pod.Status.Phase == "Failed" && !shown[pod.Metadata.Name] {
				shown[pod.Metadata.Name] = true
				c.Report.Say("  ! A try of the job %s failed:\n%s", name, indent(c.lastLines(ctx, pod.Metadata.Name)))
			}
		}
		for _, condition := range job.Status.Conditions {
			if condition.Type == "Failed" && condition.Status == "True" {
				why := strings.Trim(condition.Reason+": "+condition.Message, ": ")
				if len(shown) == 0 { // at its deadline a Job takes its pods along
					why += "\n" + c.lastLines(ctx, "job/"+name)
				}
				return fmt.Errorf("the job %s failed: %s", name, why)
			}
		}
		if err := pause(ctx); err != nil {
			return fmt.Errorf("the job %s has not finished: %w", name, err)
		}
	}
}

// runPod is a pod that runs to an end: a try of a Job, or the tests.
type runPod struct {
	Metadata struct {
		Name string `json:"name"`
	} `json:"metadata"`
	Status struct {
		Phase string            `json:"phase"`
		Init  []containerStatus `json:"initContainerStatuses"`
		Main  []containerStatus `json:"containerStatuses"`
	} `json:"status"`
}

type containerStatus struct {
	State struct {
		Waiting struct {
			Reason  string `json:"reason"`
			Message string `json:"message"`
		} `json:"waiting"`
		Terminated *struct {
			Reason   string `json:"reason"`
			ExitCode int    `json:"exitCode"`
		} `json:"terminated"`
	} `json:"state"`
}

// stuckReasons are states that no waiting mends: an image that is not there, a secret or a key of it that is missing.
var stuckReasons = []string{"ImagePullBackOff", "InvalidImageName", "CreateContainerConfigError"}

// stuck says why the pod cannot start; empty when it can.
func (p runPod) stuck() string {
	for _, status := range slices.Concat(p.Status.Init, p.Status.Main) {
		if w := status.State.Waiting; slices.Contains(stuckReasons, w.Reason) {
			return strings.TrimSuffix(w.Reason+": "+w.Message, ": ")
		}
	}
	return ""
}

// ended says what the pod's container failed with, such as "OOMKilled, exit code 137", or nothing if it succeeded; ok is false
// while it runs.
func (p runPod) ended() (failure string, ok bool) {
	if len(p.Status.Main) == 0 || p.Status.Main[0].State.Terminated == nil {
		return "", false
	}
	end := p.Status.Main[0].State.Terminated
	if end.ExitCode == 0 {
		return "", true
	}
	return fmt.Sprintf("%s, exit code %d", cmp.Or(end.Reason, "Error"), end.ExitCode), true
}

// podsOfJob lists the tries of a Job, the oldest first.
func (c Cluster) podsOfJob(ctx context.Context, name string) ([]runPod, error) {
	output, err := c.query(ctx, "-n", Namespace, "get", "pods", "-l", "batch.kubernetes.io/job-name="+name,
		"--sort-by=.metadata.creationTimestamp", "-o", "json")
	if err != nil || len(bytes.TrimSpace(output)) == 0 {
		return nil, err
	}
	var list struct {
		Items []runPod `json:"items"`
	}
	return list.Items, json.Unmarshal(output, &list)
}

// lastLines is the end of the log of a pod or a Job, of all its containers.
func (c Cluster) lastLines(ctx context.Context, of string) string {
	output, err := c.kubectl(ctx, nil, "-n", Namespace, "logs", of, "--all-containers", "--tail=15")
	if text := strings.TrimSpace(string(output)); text != "" {
		return text
	}
	if err != nil {
		return err.Error()
	}
	return "its log is empty"
}

func indent(text string) string { return "      " + strings.ReplaceAll(text, "\n", "\n      ") }
