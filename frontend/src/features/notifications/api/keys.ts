/** All queries about notifications have this prefix, so that one invalidation reaches them all. */
export const notificationsKey = ["notifications"] as const;
