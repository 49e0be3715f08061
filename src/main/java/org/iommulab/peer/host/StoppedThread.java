package org.iommulab.peer.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.iommulab.peer.x86.Registers;
import org.iommulab.peer.x86.VectorFile;
import org.jspecify.annotations.Nullable;

/**
 * A traced thread that stands still: its registers, read when it stopped and written back before it
 * goes on. x86-64 only ({@code struct user_regs_struct}, XSAVE area).
 */
public final class StoppedThread implements VectorFile {

  private static final long GET_SET = 0x4204;
  private static final long PUT_SET = 0x4205;
  private static final int GENERAL = 1;
  private static final int EXTENDED = 0x202;
  private static final int GENERAL_BYTES = 27 * 8;
  private static final int LARGEST_AREA = 1 << 14;

  /** Places of rax to r15 in {@code struct user_regs_struct}, by their numbers in instructions. */
  private static final int[] PLACES = {10, 11, 12, 5, 19, 4, 13, 14, 9, 8, 7, 6, 3, 2, 1, 0};

  private static final int RIP = 16;
  private static final int CODE_SEGMENT = 17;
  private static final int FLAGS = 18;
  private static final int FS_BASE = 21;
  private static final int GS_BASE = 22;
  private static final int CODE_OF_64_BITS = 0x33;
  private static final int LONGEST_INSTRUCTION = 15;

  private final Host host;
  private final int thread;
  private final Registers registers = new Registers();
  private final MemorySegment vector;
  private final MemorySegment general;
  private byte @Nullable [] area;
  private boolean areaChanged;

  StoppedThread(Host host, int thread) {
    this.host = host;
    this.thread = thread;
    vector = host.page().asSlice(0, 16);
    general = host.page().asSlice(64, GENERAL_BYTES);
  }

  /** Its general registers. */
  public Registers registers() {
    return registers;
  }

  /** Its id. */
  public int id() {
    return thread;
  }

  private long transfer(long request, int set, MemorySegment bytes) {
    vector.set(ValueLayout.JAVA_LONG, 0, bytes.address());
    vector.set(ValueLayout.JAVA_LONG, 8, bytes.byteSize());
    long result = host.call(Call.PTRACE, request, thread, set, vector.address());
    return result < 0 ? result : vector.get(ValueLayout.JAVA_LONG, 8);
  }

  /** Reads the general registers; false if it is gone, or runs code of 32 bits. */
  boolean fetch() {
    if (transfer(GET_SET, GENERAL, general) != GENERAL_BYTES
        || general.getAtIndex(ValueLayout.JAVA_LONG, CODE_SEGMENT) != CODE_OF_64_BITS) {
      return false;
    }
    for (int i = 0; i < PLACES.length; i++) {
      registers.set(i, general.getAtIndex(ValueLayout.JAVA_LONG, PLACES[i]));
    }
    registers.setRip(general.getAtIndex(ValueLayout.JAVA_LONG, RIP));
    registers.setFlags(general.getAtIndex(ValueLayout.JAVA_LONG, FLAGS));
    registers.setBases(
        general.getAtIndex(ValueLayout.JAVA_LONG, FS_BASE),
        general.getAtIndex(ValueLayout.JAVA_LONG, GS_BASE));
    return true;
  }

  /** Writes back what was changed; false if the thread is gone. */
  boolean store() {
    if (transfer(GET_SET, GENERAL, general) != GENERAL_BYTES) {
      return false;
    }
    for (int i = 0; i < PLACES.length; i++) {
      general.setAtIndex(ValueLayout.JAVA_LONG, PLACES[i], registers.get(i));
    }
    general.setAtIndex(ValueLayout.JAVA_LONG, RIP, registers.rip());
    general.setAtIndex(ValueLayout.JAVA_LONG, FLAGS, registers.flags());
    if (transfer(PUT_SET, GENERAL, general) < 0) {
      return false;
    }
    byte[] changed = area;
    if (changed != null && areaChanged) {
      MemorySegment bytes = host.page().asSlice(4096, changed.length);
      bytes.copyFrom(MemorySegment.ofArray(changed));
      return transfer(PUT_SET, EXTENDED, bytes) >= 0;
    }
    return true;
  }

  /** Bytes of the instruction it is at; fewer than an instruction may have where memory ends. */
  public byte[] code() {
    long at = registers.rip();
    int inPage = (int) Math.min(LONGEST_INSTRUCTION, 4096 - (at & 4095));
    byte[] code = bytes(at, inPage);
    if (code.length < inPage || inPage == LONGEST_INSTRUCTION) {
      return code;
    }
    byte[] rest = bytes(at + inPage, LONGEST_INSTRUCTION - inPage);
    byte[] whole = Arrays.copyOf(code, code.length + rest.length);
    System.arraycopy(rest, 0, whole, code.length, rest.length);
    return whole;
  }

  private byte[] bytes(long at, int count) {
    return host.read(thread, at, count) == count
        ? host.page().asSlice(0, count).toArray(ValueLayout.JAVA_BYTE)
        : new byte[0];
  }

  // ---- vector registers -------------------------------------------------------------------------

  private static final int XMM = 160;
  private static final int HEADER = 512;
  private static final int YMM_UPPER = 576;
  private static final long HAS_XMM = 1 << 1;
  private static final long HAS_YMM = 1 << 2;
  private static final long HAS_ZMM_UPPER = 1 << 6;
  private static final long HAS_UPPER_SIXTEEN = 1 << 7;

  private byte[] area() {
    byte[] known = area;
    if (known == null) {
      MemorySegment bytes = host.page().asSlice(4096, LARGEST_AREA);
      long length = transfer(GET_SET, EXTENDED, bytes);
      known = bytes.asSlice(0, Math.max(length, 0)).toArray(ValueLayout.JAVA_BYTE);
      area = known;
    }
    return known;
  }

  /** A part of a register in the area. */
  private record Part(int at, int bytes, long component) {}

  /** Where a register's 64 bytes lie, from the lowest on. */
  private static Part[] parts(int register) {
    VectorLayout layout = VectorLayout.OF_THIS_PROCESSOR;
    if (register >= 16) {
      return new Part[] {
        new Part(layout.upperSixteen() + 64 * (register - 16), 64, HAS_UPPER_SIXTEEN)
      };
    }
    return new Part[] {
      new Part(XMM + 16 * register, 16, HAS_XMM),
      new Part(YMM_UPPER + 16 * register, 16, HAS_YMM),
      new Part(layout.zmmUpper() + 32 * register, 32, HAS_ZMM_UPPER)
    };
  }

  private boolean isThere(Part part) {
    return part.at() >= XMM && part.at() + part.bytes() <= area().length;
  }

  @Override
  public boolean has(int register, int bytes) {
    int covered = 0;
    for (Part part : parts(register)) {
      if (covered < bytes && !isThere(part)) {
        return false;
      }
      covered += part.bytes();
    }
    return true;
  }

  @Override
  public byte[] read(int register, int bytes) {
    byte[] value = new byte[bytes];
    int done = 0;
    for (Part part : parts(register)) {
      int count = Math.min(part.bytes(), bytes - done);
      if (count > 0) {
        System.arraycopy(area(), part.at(), value, done, count);
        done += count;
      }
    }
    return value;
  }

  @Override
  public void write(int register, byte[] value, boolean clearsRest) {
    int done = 0;
    for (Part part : parts(register)) {
      int count = Math.clamp((long) value.length - done, 0, part.bytes());
      boolean reaches = count > 0 || clearsRest;
      if (reaches && isThere(part)) {
        System.arraycopy(value, done, area(), part.at(), count);
        if (clearsRest) {
          Arrays.fill(area(), part.at() + count, part.at() + part.bytes(), (byte) 0);
        }
        addComponent(count > 0 ? part.component() : 0);
      }
      done += count;
    }
    areaChanged = true;
  }

  /** A component that the processor held to be all zero counts from now on. */
  private void addComponent(long bit) {
    byte[] bytes = area();
    for (int i = 0; i < 8; i++) {
      bytes[HEADER + i] |= (byte) (bit >>> 8 * i);
    }
  }
}
