package workload

// raw is func's deployer of a plain Deployment.
const raw = "raw"

// function is a func.yaml, with the fields that Taskwire uses. Reading it is strict: what is not here would be missing in
// the objects.
type function struct {
	SpecVersion string `json:"specVersion"`
	Name        string `json:"name"`
	Runtime     string `json:"runtime"`
	Created     string `json:"created"`
	Invoke      string `json:"invoke"`
	Deployer    string `json:"deployer"`
	Build       struct {
		Builder string `json:"builder"`
	} `json:"build"`
	Run struct {
		Envs []struct {
			Name  string `json:"name"`
			Value string `json:"value"`
		} `json:"envs"`
		Volumes []struct {
			Secret    string `json:"secret"`
			ConfigMap string `json:"configMap"`
			Path      string `json:"path"`
		} `json:"volumes"`
	} `json:"run"`
	Deploy struct {
		Annotations map[string]string `json:"annotations"`
		Labels      []struct {
			Key   string `json:"key"`
			Value string `json:"value"`
		} `json:"labels"`
		ServiceAccountName string `json:"serviceAccountName"`
		ImagePullSecret    string `json:"imagePullSecret"`
		HealthEndpoints    struct {
			Liveness  string `json:"liveness"`
			Readiness string `json:"readiness"`
		} `json:"healthEndpoints"`
		Options struct {
			Scale struct {
				Min         *int64   `json:"min"`
				Max         *int64   `json:"max"`
				Metric      string   `json:"metric"`
				Target      *float64 `json:"target"`
				Utilization *float64 `json:"utilization"`
			} `json:"scale"`
			Resources struct {
				Requests amounts `json:"requests"`
				Limits   limits  `json:"limits"`
			} `json:"resources"`
		} `json:"options"`
	} `json:"deploy"`
}

type amounts struct {
	CPU    string `json:"cpu"`
	Memory string `json:"memory"`
}

type limits struct {
	CPU         string `json:"cpu"`
	Memory      string `json:"memory"`
	Concurrency *int64 `json:"concurrency"`
}

func (a amounts) list() object {
	all := object{}
	if a.CPU != "" {
		all["cpu"] = a.CPU
	}
	if a.Memory != "" {
		all["memory"] = a.Memory
	}
	return all
}

func (l limits) amounts() amounts { return amounts{CPU: l.CPU, Memory: l.Memory} }
