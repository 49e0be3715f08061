package org.iommulab.linux.iommufd;

import java.util.List;
import org.iommulab.linux.iommu.ViommuOps;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.Page;
import org.jspecify.annotations.Nullable;

/**
 * A command queue in guest memory that hardware reads directly ({@code struct iommufd_hw_queue}).
 * Its memory stays pinned and mapped until it goes.
 */
final class HardwareQueue extends IommufdObject {

  private final Viommu viommu;
  private final int index;
  private @Nullable IommufdAccess access;
  private @Nullable HardwareQueue before;
  private boolean running;

  HardwareQueue(IommufdContext context, int id, Viommu viommu, int index) {
    super(context, id);
    this.viommu = viommu;
    this.index = index;
    viommu.hold(name());
  }

  /** {@code iommufd_hw_queue_alloc_phys()} and the driver's start. */
  Status start(long iova, long length) {
    Status status = context().parts().allocate("the queue's list of pages");
    if (!status.failed()) {
      status = context().parts().allocate("struct iommufd_access");
    }
    if (status.failed()) {
      return status;
    }
    var pinned = IommufdAccess.createInternal(context(), name());
    access = pinned;
    status = pinned.attach(viommu.parent().ioas().id());
    if (status.failed()) {
      return status;
    }
    long from = Page.start(iova);
    long bytes = Page.roundUp(iova - from + length);
    status = pinned.pin(from, bytes, false);
    if (status.failed()) {
      return status;
    }
    List<Long> frames = pinned.frames(pinned.lastPin());
    long first = frames.getFirst();
    for (int i = 0; i < frames.size(); i++) {
      if (frames.get(i) != first + i) {
        return Status.fail(Errno.EFAULT, "the queue's pages are not physically contiguous");
      }
    }
    ViommuOps.QueueMade made =
        viommu.ops().initQueue(index, Page.address(first) | (iova & 4095), length);
    running = !made.status().failed();
    if (running && made.dependsOn() >= 0) {
      before = queueOf(made.dependsOn());
      if (before != null) {
        before.hold(name());
      }
    }
    return made.status();
  }

  private @Nullable HardwareQueue queueOf(int wanted) {
    for (IommufdObject object : context().objects()) {
      if (object instanceof HardwareQueue queue
          && queue.viommu == viommu
          && queue.running
          && queue.index == wanted) {
        return queue;
      }
    }
    return null;
  }

  @Override
  String type() {
    return "HW_QUEUE";
  }

  @Override
  void destroy() {
    if (running) {
      viommu.ops().destroyQueue(index);
    }
    if (before != null) {
      before.letGo(name());
    }
    if (access != null) {
      access.release();
    }
    viommu.letGo(name());
  }

  @Override
  List<String> facts() {
    return List.of("viommu: " + viommu.id(), "index: " + index);
  }
}
