package org.iommulab.lab.run.state;

import org.iommulab.lab.language.Complaint;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.process.ModelProcess;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;

/** Memory of the process for arguments and buffers, as a C program has on its stack. */
public final class Scratch {

  private static final int BYTES = 16384;

  private long address = -1;

  /** What a call answers that finds no room for its argument. */
  public static final SyscallResult NO_ROOM =
      SyscallResult.fail(Errno.ENOMEM, "the process has no memory left for the call's argument");

  /** Complains about more bytes than there is room for. */
  public static void check(int length) throws Complaint {
    if (length > BYTES) {
      throw new Complaint(
          "a call passes at most %d bytes here; use memory of user.alloc for more",
          "这里一次调用最多传递 %d 字节；更多请使用 user.alloc 的内存", BYTES);
    }
  }

  /** Its address; -1 if the process has no memory left for it. */
  public long room(ModelProcess process) {
    if (address == -1) {
      SyscallResult got = process.alloc(BYTES, MemoryOptions.PLAIN);
      address = got.failed() ? -1 : got.ret();
    }
    return address;
  }

  /** Places bytes there, {@link #check}ed before; answers as {@link #room}. */
  public long place(ModelProcess process, byte[] bytes) {
    long at = room(process);
    if (at >= 0) {
      process.write(at, bytes);
    }
    return at;
  }
}
