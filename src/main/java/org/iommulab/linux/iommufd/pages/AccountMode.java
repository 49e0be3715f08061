package org.iommulab.linux.iommufd.pages;

/** Who is charged for pinned pages. */
public enum AccountMode {
  /** Nobody: the caller holds CAP_IPC_LOCK. */
  NONE,
  /** The user account. */
  USER,
  /** The process ({@code locked_vm}). */
  MM
}
