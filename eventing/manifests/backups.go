package manifests

import (
	"slices"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// backupJob is the CronJob that makes backups.
const backupJob = "backup"

// checkBackups: backups end, do not overlap, stay when their pod is gone, and read the database as a role that cannot change it.
func checkBackups(s *Set, p *problems) {
	for _, o := range all[batchv1.CronJob](s) {
		if o.Name != backupJob {
			continue
		}
		spec := o.V.Spec
		if spec.ConcurrencyPolicy != batchv1.ForbidConcurrent {
			p.add(o.ID(), "backups may overlap: use concurrencyPolicy: Forbid")
		}
		if spec.Suspend != nil && *spec.Suspend {
			p.add(o.ID(), "is suspended: no backup is made")
		}
		if spec.JobTemplate.Spec.ActiveDeadlineSeconds == nil {
			p.add(o.ID(), "has no activeDeadlineSeconds: one that hangs would keep all later ones from starting")
		}
		pod := spec.JobTemplate.Spec.Template.Spec
		for _, r := range podReferences(pod) {
			if r.kind == "Secret" && (r.name != "taskwire-database" || r.key != backupJob) {
				p.add(o.ID(), "reads %s: a backup needs the address of the role taskwire_backup and nothing else", r)
			}
		}
		checkBackupVolume(s, p, o.ID(), pod)
	}
}

// checkBackupVolume: the folder of the backups is on a claim of this repository.
func checkBackupVolume(s *Set, p *problems, id string, pod corev1.PodSpec) {
	for _, v := range pod.Volumes {
		claim := v.PersistentVolumeClaim
		if claim == nil {
			continue
		}
		if !slices.ContainsFunc(all[corev1.PersistentVolumeClaim](s), func(o typed[corev1.PersistentVolumeClaim]) bool { return o.Name == claim.ClaimName }) {
			p.add(id, "writes to the claim %s, which is not there", claim.ClaimName)
		}
		return
	}
	p.add(id, "has no persistent volume: its backups end with its pod")
}
