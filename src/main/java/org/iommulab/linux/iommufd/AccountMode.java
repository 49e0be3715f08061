package org.iommulab.linux.iommufd;

/** Who is charged for pinned pages. */
enum AccountMode {
  /** Nobody: the caller holds CAP_IPC_LOCK. */
  NONE,
  /** The user account. */
  USER,
  /** The process ({@code locked_vm}). */
  MM
}
