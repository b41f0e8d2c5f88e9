package manifests

import (
	"slices"
	"strconv"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// tryAgain is the exit code, EX_TEMPFAIL of sysexits.h, by which a Job's program says that a later try may succeed.
const tryAgain = 75

// checkFailures: a Job that cannot succeed fails at once, and one that may succeed later does not lose the log of a failed try.
func checkFailures(s *Set, p *problems) {
	for _, o := range all[batchv1.Job](s) {
		spec := o.V.Spec
		if spec.Template.Spec.RestartPolicy != corev1.RestartPolicyNever {
			p.add(o.ID(), "restarts its containers: a failed try would leave neither a failed pod nor its log")
		}
		if spec.ActiveDeadlineSeconds == nil {
			p.add(o.ID(), "has no activeDeadlineSeconds: it could try for ever")
		}
		if !failsAtOnce(spec.PodFailurePolicy) {
			p.add(o.ID(), "has no podFailurePolicy that fails it for every exit code but %d: what no try mends would be tried again", tryAgain)
		}
	}
}

func failsAtOnce(policy *batchv1.PodFailurePolicy) bool {
	return policy != nil && slices.ContainsFunc(policy.Rules, func(rule batchv1.PodFailurePolicyRule) bool {
		codes := rule.OnExitCodes
		return rule.Action == batchv1.PodFailurePolicyActionFailJob && codes != nil && codes.ContainerName == nil &&
			codes.Operator == batchv1.PodFailurePolicyOnExitCodesOpNotIn && slices.Equal(codes.Values, []int32{tryAgain})
	})
}

// leastWait is how many seconds the Job that asks about the sources waits at least: it is applied before functions are deployed.
const leastWait = 600

// waitsForFunctions reports whether the Job waits for so long, and gives up before its deadline, with time to pull its image.
func waitsForFunctions(job batchv1.JobSpec, c corev1.Container) bool {
	i := slices.IndexFunc(c.Env, func(e corev1.EnvVar) bool { return e.Name == "WAIT_SECONDS" })
	if i < 0 || job.ActiveDeadlineSeconds == nil {
		return false
	}
	wait, _ := strconv.ParseInt(c.Env[i].Value, 10, 64)
	return wait >= leastWait && wait <= *job.ActiveDeadlineSeconds-60
}

// consumerGroups is the key of taskwire-config with the consumer groups that must have a member.
const consumerGroups = "CONSUMER_GROUPS"

// checkGroups: the broker is asked about every source, by a Job of each deployment and later by dead-letter for its alert. The
// source's own status says Ready with a broker that it cannot reach and a login that is refused.
func checkGroups(s *Set, p *problems) {
	var wanted []string
	for _, o := range all[KafkaSource](s) {
		wanted = append(wanted, o.V.Spec.ConsumerGroup)
	}
	slices.Sort(wanted)
	for _, o := range all[corev1.ConfigMap](s) {
		if o.Name != configName {
			continue
		}
		asked := strings.Fields(o.V.Data[consumerGroups])
		slices.Sort(asked)
		if !slices.Equal(asked, wanted) {
			p.add(o.ID(), "%s is %q, and the sources read as %q", consumerGroups, asked, wanted)
		}
	}
	topics, asks := false, false
	for _, o := range all[batchv1.Job](s) {
		topics = topics || o.Name == "topics"
		for _, c := range o.V.Spec.Template.Spec.Containers {
			if !slices.ContainsFunc(c.Env, func(e corev1.EnvVar) bool { return fromConfig(e) == consumerGroups }) {
				continue
			}
			asks = true
			if !waitsForFunctions(o.V.Spec, c) {
				p.add(o.ID(), "WAIT_SECONDS is not between %d and a minute less than activeDeadlineSeconds: on a first installation it would fail while the functions are being deployed, or be ended before it says which sources do not read", leastWait)
			}
		}
	}
	if topics && !asks {
		p.add("Job/consumers", "is not there: nothing would notice that a source's login is refused")
	}
}
