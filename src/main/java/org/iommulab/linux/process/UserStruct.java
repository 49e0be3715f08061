package org.iommulab.linux.process;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.UapiStruct;
import org.jspecify.annotations.Nullable;

/** The kernel's copy of a structure that a process passed by address. */
public final class UserStruct {

  /** A copied structure, or why it could not be copied. */
  public record Fetched(@Nullable UserStruct struct, Status status) {}

  private final Process process;
  private final UapiStruct declaration;
  private final long address;
  private final int userSize;
  private final byte[] bytes;

  private UserStruct(Process process, UapiStruct declaration, long address, byte[] copy, int size) {
    this.process = process;
    this.declaration = declaration;
    this.address = address;
    this.userSize = size;
    this.bytes = copy;
  }

  /**
   * iommufd's way ({@code copy_struct_from_user()}): the size leads; too small is EINVAL, larger
   * than known is E2BIG unless the excess is zero, smaller than known is filled up with zeros.
   */
  public static Fetched bySize(Process process, UapiStruct declaration, long address) {
    byte[] lead = new byte[4];
    if (!process.read(address, lead)) {
      return fault("the size field cannot be read");
    }
    long size = ByteBuffer.wrap(lead).order(ByteOrder.LITTLE_ENDIAN).getInt() & 0xFFFF_FFFFL;
    if (size < declaration.minimum()) {
      return refuse(Errno.EINVAL, "size is less than " + declaration.minimum());
    }
    Fetched tail = checkTail(process, declaration, address, size);
    if (tail != null) {
      return tail;
    }
    byte[] copy = new byte[declaration.size()];
    byte[] given = new byte[(int) Math.min(size, copy.length)];
    if (!process.read(address, given)) {
      return fault("the structure cannot be read");
    }
    System.arraycopy(given, 0, copy, 0, given.length);
    int written = (int) Math.min(size, declaration.size());
    return new Fetched(new UserStruct(process, declaration, address, copy, written), Status.OK);
  }

  private static @Nullable Fetched checkTail(
      Process process, UapiStruct declaration, long address, long size) {
    byte[] one = new byte[256];
    for (long at = declaration.size(); at < size; at += one.length) {
      byte[] part = size - at >= one.length ? one : new byte[(int) (size - at)];
      if (!process.read(address + at, part)) {
        return fault("the structure's tail cannot be read");
      }
      for (byte b : part) {
        if (b != 0) {
          return refuse(Errno.E2BIG, "bytes behind the known structure are not zero");
        }
      }
    }
    return null;
  }

  /** VFIO's way: the first {@code minimum} bytes are copied, {@code argsz} may say more. */
  public static Fetched byArgsz(Process process, UapiStruct declaration, long address) {
    return fixed(process, declaration, address, declaration.minimum(), true);
  }

  /** A structure of fixed size. */
  public static Fetched whole(Process process, UapiStruct declaration, long address) {
    return fixed(process, declaration, address, declaration.size(), false);
  }

  private static Fetched fixed(
      Process process, UapiStruct declaration, long address, int size, boolean checked) {
    byte[] given = new byte[size];
    if (!process.read(address, given)) {
      return fault("the structure cannot be read");
    }
    byte[] copy = Arrays.copyOf(given, Math.max(size, declaration.size()));
    var struct = new UserStruct(process, declaration, address, copy, size);
    if (checked && struct.get("argsz") < size) {
      return refuse(Errno.EINVAL, "argsz is less than " + size);
    }
    return new Fetched(struct, Status.OK);
  }

  private static Fetched fault(String cause) {
    return new Fetched(null, Status.fail(Errno.EFAULT, cause));
  }

  private static Fetched refuse(Errno errno, String cause) {
    return new Fetched(null, Status.fail(errno, cause));
  }

  /** Copies more of the user's structure, up to {@code size} bytes; false on a fault. */
  public boolean extend(int size) {
    byte[] given = new byte[size];
    if (!process.read(address, given)) {
      return false;
    }
    System.arraycopy(given, 0, bytes, 0, Math.min(size, bytes.length));
    return true;
  }

  /** The same bytes read as another structure that begins alike. */
  public UserStruct as(UapiStruct other) {
    return new UserStruct(process, other, address, bytes, userSize);
  }

  /** Address of the user's structure. */
  public long address() {
    return address;
  }

  /** The process it belongs to. */
  public Process process() {
    return process;
  }

  /** The value of a field, zero-extended unless it is signed. */
  public long get(String name) {
    return declaration.field(name).get(bytes, 0);
  }

  /** A 32-bit field as an {@code int}. */
  public int id(String name) {
    return (int) get(name);
  }

  /** Sets a field. */
  public void put(String name, long value) {
    declaration.field(name).put(bytes, 0, value);
  }

  /**
   * Sets a field to the descriptor that the next file gets. Where descriptors are another kernel's
   * it exists from then on and cannot be taken back, so it is made only if the structure can be
   * written.
   */
  public Status putDescriptor(String name) {
    Status status = copyOut();
    if (status.failed()) {
      return status;
    }
    int fd = process.freeDescriptor();
    if (fd < 0) {
      return Status.fail(Errno.EMFILE, "the process has no room for another descriptor");
    }
    put(name, fd);
    return Status.OK;
  }

  /** Copies the structure back, as many bytes as the user gave. */
  public Status copyOut() {
    return copyOut(userSize);
  }

  /** Copies the first {@code size} bytes back. */
  public Status copyOut(int size) {
    byte[] out = Arrays.copyOf(bytes, Math.min(size, bytes.length));
    return process.write(address, out)
        ? Status.OK
        : Status.fail(Errno.EFAULT, "the structure cannot be written back");
  }
}
