package org.iommulab.lab.replay;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files the logged program has open. Logs name no descriptor for an ioctl, so every open file
 * of the right kind may be meant, the one used last first.
 */
final class LogFiles {

  enum Kind {
    IOMMUFD,
    CONTAINER,
    GROUP,
    DEVICE,
    OTHER
  }

  /**
   * An open file.
   *
   * @param name in the script
   * @param path it was opened as; of a device of a group its address
   * @param number the program's descriptor, -1 if unknown
   */
  record Open(String name, Kind kind, String path, long number) {}

  private final List<Open> open;

  LogFiles() {
    open = new ArrayList<>();
  }

  private LogFiles(List<Open> open) {
    this.open = new ArrayList<>(open);
  }

  LogFiles copy() {
    return new LogFiles(open);
  }

  static Kind kindOf(String path) {
    if (path.equals("/dev/iommu")) {
      return Kind.IOMMUFD;
    }
    if (path.equals("/dev/vfio/vfio")) {
      return Kind.CONTAINER;
    }
    if (path.startsWith("/dev/vfio/devices/")) {
      return Kind.DEVICE;
    }
    return path.startsWith("/dev/vfio/") ? Kind.GROUP : Kind.OTHER;
  }

  /** Open files, the one used last first. */
  List<Open> all() {
    return open.reversed();
  }

  List<Open> of(Kind kind) {
    return all().stream().filter(file -> file.kind() == kind).toList();
  }

  @Nullable Open numbered(long number) {
    for (Open file : all()) {
      if (file.number() == number && number >= 0) {
        return file;
      }
    }
    return null;
  }

  @Nullable Open at(String path) {
    for (Open file : all()) {
      if (file.path().equals(path)) {
        return file;
      }
    }
    return null;
  }

  void add(Open file) {
    open.add(file);
  }

  void remove(Open file) {
    open.remove(file);
  }

  /** Notes that a file was used. */
  void touch(Open file) {
    if (open.remove(file)) {
      open.add(file);
    }
  }

  /** Files an ioctl of that name may be meant for. */
  List<Open> candidates(String call) {
    if (call.startsWith("IOMMU_")) {
      return of(Kind.IOMMUFD);
    }
    if (call.startsWith("VFIO_GROUP_")) {
      return of(Kind.GROUP);
    }
    if (call.startsWith("VFIO_DEVICE_")) {
      return of(Kind.DEVICE);
    }
    if (call.startsWith("VFIO_")) {
      List<Open> containers = of(Kind.CONTAINER);
      return containers.isEmpty() ? of(Kind.IOMMUFD) : containers;
    }
    return all();
  }
}
