package org.iommulab.linux.iommufd;

import org.iommulab.linux.process.OpenFile;

/** The file descriptor of a kernel access that the selftest made; closing it ends the access. */
final class AccessFile extends OpenFile {

  private final IommufdAccess access;

  AccessFile(IommufdAccess access) {
    super("anon_inode:[iommufd_test_staccess]");
    this.access = access;
    access.context().keepOpen();
  }

  IommufdAccess access() {
    return access;
  }

  @Override
  protected void release() {
    IommufdContext context = access.context();
    access.release();
    context.allowClose();
  }
}
