package org.iommulab.linux.iommufd;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuGroup;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.iommufd.pages.AccountMode;
import org.iommulab.linux.iommufd.pages.AreaFiller;
import org.iommulab.linux.iommufd.pages.IoPageTable;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.Page;
import org.jspecify.annotations.Nullable;

/** One open {@code /dev/iommu}: a table of objects ({@code struct iommufd_ctx}). */
final class IommufdContext {

  /** An offset of 0 is left to those who have not been told one. */
  private static final long FIRST_WINDOW = Page.BYTES;

  private final KernelParts parts;
  private final IommuSubsystem iommu;
  private final AreaFiller filler;
  private final TreeMap<Integer, IommufdObject> objects = new TreeMap<>();
  private final List<Mappable> windows = new ArrayList<>();
  private final TreeSet<Integer> tombstones = new TreeSet<>();

  /** No id below it is free. */
  private int lowest = 1;

  private final List<IommufdGroup> groups = new ArrayList<>();
  private final Iommufd module;
  private @Nullable OpenFile file;
  private AccountMode accountMode;
  private @Nullable Ioas vfioIoas;

  IommufdContext(Iommufd module, AccountMode accountMode) {
    this.module = module;
    this.parts = module.parts();
    this.iommu = module.iommu();
    this.filler = new AreaFiller(parts, iommu.api(), module::temporaryBytes);
    this.accountMode = accountMode;
  }

  KernelParts parts() {
    return parts;
  }

  IommuSubsystem iommu() {
    return iommu;
  }

  Iommufd module() {
    return module;
  }

  AccountMode accountMode() {
    return accountMode;
  }

  void setAccountMode(AccountMode mode) {
    accountMode = mode;
  }

  boolean isEmpty() {
    return objects.isEmpty();
  }

  /** Objects by id. */
  Collection<IommufdObject> objects() {
    return Collections.unmodifiableCollection(objects.values());
  }

  // ---- its file ---------------------------------------------------------------------------------

  void setFile(OpenFile opened) {
    file = opened;
  }

  /** Another file needs the context: it outlives its own descriptor. */
  void keepOpen() {
    Objects.requireNonNull(file).get();
  }

  /** The other file needs it no more. */
  void allowClose() {
    Objects.requireNonNull(file).put();
  }

  // ---- table ------------------------------------------------------------------------------------

  /** The lowest free id, from 1. */
  int nextId() {
    while (objects.containsKey(lowest) || tombstones.contains(lowest)) {
      lowest++;
    }
    return lowest;
  }

  /** Makes an object usable ({@code iommufd_object_finalize()}). */
  void add(IommufdObject object) {
    objects.put(object.id(), object);
  }

  /** The object of that id, or null. */
  @Nullable IommufdObject find(int id) {
    return objects.get(id);
  }

  /** The object of that id if it is of that type, or null. */
  <T extends IommufdObject> @Nullable T find(int id, Class<T> type) {
    IommufdObject object = objects.get(id);
    return type.isInstance(object) ? type.cast(object) : null;
  }

  /** The device object that stands for a device, or null if it is not bound to this context. */
  @Nullable IommufdDevice boundAs(IommuDevice device) {
    for (IommufdObject object : objects.values()) {
      if (object instanceof IommufdDevice bound && bound.device() == device) {
        return bound;
      }
    }
    return null;
  }

  /** ENOENT: no object of that kind has that id. */
  static Status none(String kind, int id) {
    return Status.fail(Errno.ENOENT, "there is no " + kind + " " + Integer.toUnsignedString(id));
  }

  /** Tells the user the new object's id; it goes again if that fails. */
  Status finish(UserStruct arg, String idField, IommufdObject made) {
    arg.put(idField, made.id());
    Status status = arg.copyOut();
    if (status.failed()) {
      remove(made);
    }
    return status;
  }

  /** As {@link #finish}, for a queue with a file descriptor of its own. */
  Status finishWithFile(UserStruct arg, String idField, String fdField, EventQueue made) {
    Status ready = parts.allocate("the queue's file");
    if (!ready.failed()) {
      ready = arg.putDescriptor(fdField);
    }
    if (ready.failed()) {
      remove(made);
      return ready;
    }
    Status status = finish(arg, idField, made);
    if (!status.failed()) {
      arg.process().install(new EventFile(made));
    }
    return status;
  }

  /** {@code iommufd_destroy()}; a mapping holds the object whose memory it shows. */
  Status destroy(Process caller, int id) {
    IommufdObject object = objects.get(id);
    if (object == null) {
      return none("object", id);
    }
    String refusal = refusal(object);
    if (refusal != null) {
      return Status.fail(Errno.EBUSY, refusal);
    }
    for (Mappable one : windows) {
      if (one.owner() == object && caller.isMapped(Objects.requireNonNull(file), one.window())) {
        return Status.fail(Errno.EBUSY, object.name() + " is in use by a mapping of its memory");
      }
    }
    remove(object);
    return Status.OK;
  }

  /** Why an object cannot be destroyed, or null. */
  @Nullable String refusal(IommufdObject object) {
    return object.users() == 1
        ? null
        : object.name() + " is in use by " + String.join(", ", object.holders());
  }

  /** Takes an object out of the table and apart. */
  void remove(IommufdObject object) {
    objects.remove(object.id());
    lowest = Math.min(lowest, object.id());
    object.destroy();
  }

  /** As {@link #remove}, but the id is never given again. */
  void bury(IommufdObject object) {
    tombstones.add(object.id());
    remove(object);
  }

  /** The file is closed: everything goes, in passes, until nothing is left. */
  void close() {
    boolean progress = true;
    while (progress && !objects.isEmpty()) {
      progress = false;
      for (IommufdObject object : List.copyOf(objects.values())) {
        if (object.users() == 1 && objects.containsKey(object.id())) {
          remove(object);
          progress = true;
        }
      }
    }
    if (!objects.isEmpty()) {
      throw new IllegalStateException("objects are left after close: " + objects.keySet());
    }
    tombstones.clear();
    lowest = 1;
  }

  // ---- memory to map ----------------------------------------------------------------------------

  /** Memory of a driver that the user can map as long as an object is there. */
  record Mappable(IommufdObject owner, OpenFile.Window window) {}

  /** {@code _iommufd_alloc_mmap()}: the lowest free offset that has room, behind the first page. */
  long addWindow(IommufdObject owner, AddressRange physical) {
    long offset = FIRST_WINDOW;
    int at = 0;
    for (; at < windows.size(); at++) {
      OpenFile.Window next = windows.get(at).window();
      if (next.offset() - offset >= physical.size()) {
        break;
      }
      offset = next.offset() + next.physical().size();
    }
    windows.add(at, new Mappable(owner, new OpenFile.Window(offset, physical)));
    return offset;
  }

  /** An object goes, and what could be mapped for it. */
  void removeWindows(IommufdObject owner) {
    windows.removeIf(one -> one.owner() == owner);
  }

  /** All memory that can be mapped, by offset. */
  List<Mappable> windows() {
    return windows;
  }

  // ---- address spaces ---------------------------------------------------------------------------

  /** {@code iommufd_ioas_alloc()}. */
  Ioas allocIoas() {
    var ioas = new Ioas(this, nextId(), new IoPageTable(parts, filler));
    add(ioas);
    return ioas;
  }

  /** The IOAS that VFIO's ioctls act on, or null. */
  @Nullable Ioas vfioIoas() {
    return vfioIoas;
  }

  void setVfioIoas(@Nullable Ioas ioas) {
    vfioIoas = ioas;
  }

  void forgetVfioIoas(Ioas ioas) {
    if (vfioIoas == ioas) {
      vfioIoas = null;
    }
  }

  /** {@code iommufd_vfio_compat_ioas_create()}: makes one unless there is one. */
  void createCompatIoas() {
    if (vfioIoas == null) {
      vfioIoas = allocIoas();
    }
  }

  // ---- groups -----------------------------------------------------------------------------------

  /** Memory for {@link #group}, if it needs any. */
  Status allocateGroup(IommuGroup group) {
    boolean known = groups.stream().anyMatch(one -> one.group() == group);
    return known ? Status.OK : parts.allocate("struct iommufd_group");
  }

  /** {@code iommufd_put_group()}: the last of its devices has left. */
  void forgetGroup(IommuGroup group) {
    boolean inUse =
        objects.values().stream()
            .anyMatch(
                object -> object instanceof IommufdDevice one && one.device().group() == group);
    if (!inUse) {
      groups.removeIf(one -> one.group() == group);
    }
  }

  /** {@code iommufd_get_group()}. */
  IommufdGroup group(IommuGroup group) {
    for (IommufdGroup known : groups) {
      if (known.group() == group) {
        return known;
      }
    }
    var fresh = new IommufdGroup(group);
    groups.add(fresh);
    return fresh;
  }
}
