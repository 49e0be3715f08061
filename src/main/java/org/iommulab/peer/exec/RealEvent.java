package org.iommulab.peer.exec;

import org.iommulab.linux.process.EventCounter;
import org.jspecify.annotations.Nullable;

/** An {@code eventfd} of a real program. */
final class RealEvent extends EventCounter {

  private final World world;
  private final int pid;
  private final int fd;

  RealEvent(String path, World world, int pid, int fd) {
    super(path);
    this.world = world;
    this.pid = pid;
    this.fd = fd;
  }

  @Override
  public @Nullable Held hold() {
    int copy = world.copyEvent(pid, fd);
    if (copy < 0) {
      return null;
    }
    return new Held() {
      @Override
      public void signal() {
        world.signal(copy);
      }

      @Override
      public void release() {
        world.release(copy);
      }
    };
  }
}
