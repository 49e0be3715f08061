package org.iommulab.linux.program;

import org.jspecify.annotations.Nullable;

/** The world where no program is: no memory, no descriptors. */
final class Nowhere implements World {

  private static final int NO_SUCH_PROCESS = -3;

  @Override
  public @Nullable Area area(int pid, long address) {
    return null;
  }

  @Override
  public boolean read(int pid, long address, byte[] target) {
    return false;
  }

  @Override
  public boolean write(int pid, long address, byte[] source) {
    return false;
  }

  @Override
  public void readFile(long inode, long offset, byte[] target) {}

  @Override
  public void writeFile(long inode, long offset, byte[] source) {}

  @Override
  public @Nullable Place mapping(long inode, long page, int except) {
    return null;
  }

  @Override
  public @Nullable Behind behind(int thread, int fd) {
    return null;
  }

  @Override
  public Made makeFile(boolean closeOnExec, Shape shape, long bytes) {
    return new Made(NO_SUCH_PROCESS, "", 0);
  }

  @Override
  public int copyEvent(int pid, int fd) {
    return NO_SUCH_PROCESS;
  }

  @Override
  public void signal(int copy) {}

  @Override
  public void watch(int copy) {}

  @Override
  public void release(int copy) {}

  @Override
  public long memlock(int pid) {
    return -1;
  }

  @Override
  public @Nullable Boolean capable(int pid, int bit) {
    return null;
  }
}
