package org.iommulab.linux.program;

import org.iommulab.linux.process.EventCounter;
import org.jspecify.annotations.Nullable;

/** An {@code eventfd} of a real program. */
final class RealEvent extends EventCounter {

  private final World world;
  private final Doorbells bells;
  private final int pid;
  private final int fd;

  RealEvent(String path, World world, Doorbells bells, int pid, int fd) {
    super(path);
    this.world = world;
    this.bells = bells;
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
        bells.ring(copy);
      }

      @Override
      public void onSignal(Runnable action) {
        bells.watch(copy, action);
      }

      @Override
      public void release() {
        bells.release(copy);
      }
    };
  }
}
