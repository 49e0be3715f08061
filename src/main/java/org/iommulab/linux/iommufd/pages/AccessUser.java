package org.iommulab.linux.iommufd.pages;

/** A kernel user of an IOVA space, as the space sees it. */
public interface AccessUser {

  /** Alignment its pins need. */
  long alignment();

  /** A range is about to go: the user must unpin it before it returns. */
  void unmapNotice(long iova, long length);
}
