package org.iommulab.memory;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The machine's physical memory: little-endian RAM in 4 KiB frames that exist once they are
 * touched.
 *
 * <p>Addresses outside the RAM ranges are <em>nothing</em>: reads give zeros, writes vanish, and
 * {@link #frame} answers null, which a table walk reports as an access error.
 *
 * <h2>Checkpoints</h2>
 *
 * A checkpoint costs nothing when it is taken. The first write to a frame after it puts the old
 * frame aside and continues on a copy, so going back is an exchange of references, and what changed
 * since is known exactly.
 *
 * <h2>Images</h2>
 *
 * A memory-mapped file, or pages that have to be fetched, can lie underneath. Frames are copied
 * from there when first touched; nothing is ever written back.
 *
 * <p>Not thread-safe: one thread owns a laboratory. Frames handed out by {@link #frame} are valid
 * until the next write, checkpoint or restore.
 */
public final class PhysicalMemory implements MemoryView {

  /** Bytes in a frame. */
  public static final int FRAME_BYTES = 4096;

  /** Quadwords in a frame. */
  public static final int FRAME_QUADWORDS = 512;

  /** RAM ends at the latest here: 2^44 bytes, far beyond what a laboratory needs. */
  public static final long LIMIT = 1L << 44;

  /** Frames below this address are found in one step. */
  public static final long NEAR = 1L << 34;

  private static final int CHUNK_SHIFT = 15;
  private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;
  private static final long NEAR_LIMIT = NEAR >>> 12;
  private static final int PRISTINE = -1;
  private static final long[] ZEROS = new long[FRAME_QUADWORDS];

  private final List<AddressRange> ram;
  private final List<AddressRange> connected;
  private final List<Image> images = new ArrayList<>();
  private final List<AddressRange> readOnly = new ArrayList<>();
  private final @Nullable FrameSource source;
  // Frames below NEAR a second time, in one array that grows: a walker that misses the processor's
  // caches overlaps twice as many walks when a frame is one load away instead of two.
  private long[][] near = new long[0][];
  private final long[][][] chunks;
  private final int[][] epochs;
  private final List<Epoch> log = new ArrayList<>();
  private @Nullable HeldWrites held;
  private @Nullable FrameSource lender;
  private int firstEpoch;
  private long epochsMade;
  private @Nullable Compared compared;
  private long allocated;

  private PhysicalMemory(List<AddressRange> ram, @Nullable FrameSource source) {
    this.source = source;
    var sorted = new ArrayList<>(ram);
    sorted.sort((a, b) -> Long.compare(a.start(), b.start()));
    this.ram = List.copyOf(sorted);
    connected = connect(sorted);
    long end = connected.isEmpty() ? 0 : connected.getLast().end();
    if (end > LIMIT) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "RAM ends above 16 TiB: 0x%x", end));
    }
    int count = (int) ((end >>> 12) + CHUNK_MASK >>> CHUNK_SHIFT);
    chunks = new long[count][][];
    epochs = new int[count][];
    log.add(newEpoch());
  }

  private static List<AddressRange> connect(List<AddressRange> sorted) {
    var connected = new ArrayList<AddressRange>();
    for (AddressRange range : sorted) {
      if (!connected.isEmpty() && range.start() <= connected.getLast().end()) {
        AddressRange last = connected.removeLast();
        connected.add(new AddressRange(last.start(), Math.max(last.end(), range.end())));
      } else {
        connected.add(range);
      }
    }
    return connected;
  }

  /** Memory that is RAM in the given ranges; their bounds must be multiples of 4 KiB. */
  public static PhysicalMemory of(List<AddressRange> ram) {
    return of(ram, null);
  }

  /**
   * Memory whose frames lie elsewhere. It has no checkpoints of its own: what is written belongs to
   * the source's owner.
   */
  public static PhysicalMemory over(List<AddressRange> ram, FrameSource source) {
    return of(ram, source);
  }

  private static PhysicalMemory of(List<AddressRange> ram, @Nullable FrameSource source) {
    for (AddressRange range : ram) {
      if (((range.start() | range.end()) & (FRAME_BYTES - 1)) != 0) {
        throw new IllegalArgumentException("RAM range is not in whole frames: " + range);
      }
    }
    return new PhysicalMemory(ram, source);
  }

  /** RAM from 0 up to {@code bytes}. */
  public static PhysicalMemory ofSize(long bytes) {
    return of(List.of(new AddressRange(0, bytes)));
  }

  /** The RAM ranges, ascending. */
  @Override
  public List<AddressRange> ram() {
    return ram;
  }

  /** Tells whether every byte is RAM. */
  @Override
  public boolean isRam(long address, long length) {
    int low = 0;
    int high = connected.size() - 1;
    while (low < high) {
      int middle = low + high + 1 >>> 1;
      if (connected.get(middle).start() <= address) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return high == low && connected.get(low).contains(address, length);
  }

  /**
   * Lays a memory-mapped image under the RAM at {@code start}; where images overlap, later ones
   * win. Frames that were touched before keep what they have.
   */
  public void underlay(long start, MemorySegment image) {
    images.add(new MappedImage(start, image));
  }

  /**
   * Lays pages under the RAM that are fetched when first touched; where images overlap, later ones
   * win. A page that cannot be fetched is nothing.
   *
   * @param range whole frames
   */
  public void underlay(AddressRange range, PageLoader pages) {
    images.add(new LoadedImage(range, pages));
  }

  /**
   * Some frames lie with somebody else from now on: those for which the lender has an answer, as
   * long as it has one. They have no checkpoints.
   */
  public void borrowFrom(FrameSource frames) {
    lender = frames;
  }

  /** Gives up what frames hold, before a lender has them. */
  public void forget(long firstPfn, long count) {
    for (long pfn = firstPfn; pfn < firstPfn + count; pfn++) {
      int chunk = (int) (pfn >>> CHUNK_SHIFT);
      if (chunks[chunk] != null && chunks[chunk][(int) pfn & CHUNK_MASK] != null) {
        place(pfn, null, PRISTINE);
        allocated--;
      }
    }
  }

  /** Numbers of the frames that have memory of their own, ascending. */
  @Override
  public long[] loadedFrames() {
    var pfns = LongStream.builder();
    for (int chunk = 0; chunk < chunks.length; chunk++) {
      long[][] frames = chunks[chunk];
      for (int i = 0; frames != null && i < frames.length; i++) {
        if (frames[i] != null) {
          pfns.add(((long) chunk << CHUNK_SHIFT) + i);
        }
      }
    }
    return pfns.build().toArray();
  }

  /** Number of frames that have memory of their own. */
  @Override
  public long allocatedFrames() {
    return allocated;
  }

  // ---- frames: the walker's and the kernel's way in -------------------------------------------

  /**
   * The 512 quadwords of a frame for reading, or null if it is not RAM. Never write to the result.
   *
   * @param pfn physical address divided by 4096
   */
  public long @Nullable [] frame(long pfn) {
    long[][] candidates = near;
    if (pfn >= 0 && pfn < candidates.length) {
      long[] frame = candidates[(int) pfn];
      if (frame != null) {
        return frame;
      }
    }
    return farFrame(pfn);
  }

  /**
   * The frames below {@link #NEAR} by number, for a walker that reads many: null where {@link
   * #frame} may know more. Good until memory is written; never write to the result.
   */
  public long[][] nearFrames() {
    return near;
  }

  private long @Nullable [] farFrame(long pfn) {
    long chunkIndex = pfn >>> CHUNK_SHIFT;
    if (chunkIndex < chunks.length) {
      long[][] chunk = chunks[(int) chunkIndex];
      if (chunk != null) {
        long[] frame = chunk[(int) pfn & CHUNK_MASK];
        if (frame != null) {
          return frame;
        }
      }
    }
    return untouched(pfn);
  }

  /**
   * The 512 quadwords of a frame for writing, or null if it is not RAM. The result may be written
   * until the next checkpoint.
   */
  public long @Nullable [] frameForWrite(long pfn) {
    if (held != null) {
      return heldFrame(held, pfn);
    }
    return writableFrame(pfn);
  }

  private long @Nullable [] heldFrame(HeldWrites writes, long pfn) {
    long[] before = frame(pfn);
    if (before != null) {
      writes.beforeWrite(pfn, before);
    }
    return writableFrame(pfn);
  }

  private long @Nullable [] writableFrame(long pfn) {
    long chunkIndex = pfn >>> CHUNK_SHIFT;
    if (chunkIndex < chunks.length) {
      int[] chunkEpochs = epochs[(int) chunkIndex];
      if (chunkEpochs != null && chunkEpochs[(int) pfn & CHUNK_MASK] == currentEpoch()) {
        return chunks[(int) chunkIndex][(int) pfn & CHUNK_MASK];
      }
    }
    return firstWrite(pfn);
  }

  private long @Nullable [] untouched(long pfn) {
    if (pfn < 0 || pfn >= LIMIT >>> 12 || !isRam(pfn << 12, FRAME_BYTES)) {
      return null;
    }
    if (source != null) {
      return source.frame(pfn);
    }
    long[] lent = lender == null ? null : lender.frame(pfn);
    if (lent != null) {
      return lent;
    }
    long[] loaded = null;
    for (Image image : images) {
      if (image.reaches(pfn)) {
        loaded = loaded == null ? new long[FRAME_QUADWORDS] : loaded;
        if (!image.copyInto(pfn, loaded)) {
          return null;
        }
      }
    }
    if (loaded == null) {
      return ZEROS;
    }
    place(pfn, loaded, PRISTINE);
    allocated++;
    return loaded;
  }

  /**
   * Makes frames read-only, as ROM is: writes vanish, and {@link #frameForWrite} answers null.
   *
   * @param range whole frames
   */
  public void setReadOnly(AddressRange range) {
    // What was written since the last checkpoint could be written again without asking.
    checkpoint();
    readOnly.add(range);
  }

  private boolean isReadOnly(long pfn) {
    for (AddressRange range : readOnly) {
      if (range.contains(pfn << 12, FRAME_BYTES)) {
        return true;
      }
    }
    return false;
  }

  private long @Nullable [] firstWrite(long pfn) {
    if (isReadOnly(pfn)) {
      return null;
    }
    if (source != null) {
      return pfn >= 0 && isRam(pfn << 12, FRAME_BYTES) ? source.frameForWrite(pfn) : null;
    }
    long[] lent = lender == null ? null : lender.frameForWrite(pfn);
    if (lent != null) {
      return lent;
    }
    long[] old = frame(pfn);
    if (old == null) {
      return null;
    }
    int[] chunkEpochs = epochs[(int) (pfn >>> CHUNK_SHIFT)];
    int oldEpoch = chunkEpochs == null ? PRISTINE : chunkEpochs[(int) pfn & CHUNK_MASK];
    log.getLast().add(pfn, old, oldEpoch);
    if (old == ZEROS) {
      allocated++;
    }
    long[] fresh = old.clone();
    place(pfn, fresh, currentEpoch());
    return fresh;
  }

  private void place(long pfn, long @Nullable [] frame, int epoch) {
    int chunkIndex = (int) (pfn >>> CHUNK_SHIFT);
    long[][] chunk = chunks[chunkIndex];
    int[] chunkEpochs = epochs[chunkIndex];
    if (chunk == null || chunkEpochs == null) {
      chunk = new long[CHUNK_MASK + 1][];
      chunks[chunkIndex] = chunk;
      chunkEpochs = new int[CHUNK_MASK + 1];
      Arrays.fill(chunkEpochs, PRISTINE);
      epochs[chunkIndex] = chunkEpochs;
    }
    chunk[(int) pfn & CHUNK_MASK] = frame;
    chunkEpochs[(int) pfn & CHUNK_MASK] = epoch;
    if (pfn < NEAR_LIMIT) {
      if (pfn >= near.length) {
        long wanted = Long.highestOneBit(pfn | 0x1FF) << 1;
        near = Arrays.copyOf(near, (int) Math.min(wanted, connected.getLast().end() >>> 12));
      }
      near[(int) pfn] = frame;
    }
  }

  // ---- values --------------------------------------------------------------------------------

  /** The quadword at an address that is a multiple of 8; zero outside RAM. */
  @Override
  public long readQword(long address) {
    long[] frame = frame(address >>> 12);
    return frame == null ? 0 : frame[(int) address >>> 3 & FRAME_QUADWORDS - 1];
  }

  /** Stores the quadword at an address that is a multiple of 8; vanishes outside RAM. */
  public void writeQword(long address, long value) {
    long[] frame = frameForWrite(address >>> 12);
    if (frame != null) {
      frame[(int) address >>> 3 & FRAME_QUADWORDS - 1] = value;
    }
  }

  /** The dword at an address that is a multiple of 4; zero outside RAM. */
  @Override
  public int readDword(long address) {
    return (int) (readQword(address & ~7L) >>> (address & 4) * 8);
  }

  /** Stores the dword at an address that is a multiple of 4; vanishes outside RAM. */
  public void writeDword(long address, int value) {
    long shift = (address & 4) * 8;
    long old = readQword(address & ~7L);
    long mask = 0xFFFF_FFFFL << shift;
    writeQword(address & ~7L, old & ~mask | (value & 0xFFFF_FFFFL) << shift);
  }

  /** Copies bytes out of memory; bytes outside RAM read as zero. */
  @Override
  public void read(long address, byte[] target, int offset, int length) {
    for (int done = 0; done < length; ) {
      long at = address + done;
      long[] frame = frame(at >>> 12);
      int inFrame = (int) at & FRAME_BYTES - 1;
      int count = Math.min(length - done, FRAME_BYTES - inFrame);
      for (int i = 0; i < count; i++) {
        int b = inFrame + i;
        target[offset + done + i] = frame == null ? 0 : (byte) (frame[b >>> 3] >>> (b & 7) * 8);
      }
      done += count;
    }
  }

  /** Copies bytes into memory; bytes outside RAM vanish. */
  public void write(long address, byte[] source, int offset, int length) {
    for (int done = 0; done < length; ) {
      long at = address + done;
      long[] frame = frameForWrite(at >>> 12);
      int inFrame = (int) at & FRAME_BYTES - 1;
      int count = Math.min(length - done, FRAME_BYTES - inFrame);
      for (int i = 0; frame != null && i < count; i++) {
        int b = inFrame + i;
        int shift = (b & 7) * 8;
        long value = (source[offset + done + i] & 0xFFL) << shift;
        frame[b >>> 3] = frame[b >>> 3] & ~(0xFFL << shift) | value;
      }
      done += count;
    }
  }

  // ---- writes on their way -------------------------------------------------------------------

  /**
   * From now on what is written stays, for those who read without snooping, in the processor's
   * caches until {@link #writeBack}, or in the chipset's write buffer until {@link #drainWrites}.
   */
  public void holdWrites(boolean inCache, boolean inBuffer) {
    held = inCache || inBuffer ? new HeldWrites(this, inCache, inBuffer) : null;
  }

  /** Tells whether writes are held back. */
  public boolean holdsWrites() {
    return held != null;
  }

  /**
   * The 512 quadwords of a frame as a device reads them, or null if it is not RAM.
   *
   * @param snooped whether the device looks into the processor's caches
   */
  public long @Nullable [] frame(long pfn, boolean snooped) {
    HeldWrites writes = held;
    return writes == null ? frame(pfn) : writes.frame(pfn, snooped);
  }

  /** The processor writes the cache lines of a range back to memory, as {@code clflush} does. */
  public void writeBack(long address, long length) {
    if (held != null) {
      held.writeBack(address, length);
    }
  }

  /** The chipset's write buffer is emptied. */
  public void drainWrites() {
    if (held != null) {
      held.drain();
    }
  }

  /** A device has written a range: nothing of these lines is on its way any more. */
  public void arrived(long address, long length) {
    if (held != null) {
      held.arrived(address, length);
    }
  }

  // ---- checkpoints ---------------------------------------------------------------------------

  /**
   * A state of this memory to go back to.
   *
   * @param epoch number of the first epoch after it
   * @param serial tells that epoch from later ones that get its number after a restore
   */
  public record Checkpoint(int epoch, long serial) {}

  /**
   * One quadword that differs from an earlier state.
   *
   * @param address its physical address
   * @param before the value then
   * @param after the value now
   */
  public record Change(long address, long before, long after) {}

  private int currentEpoch() {
    return firstEpoch + log.size() - 1;
  }

  /** Marks the present state. Equal checkpoints are shared: no write, no new epoch. */
  public Checkpoint checkpoint() {
    if (!log.getLast().isEmpty()) {
      log.add(newEpoch());
    }
    return new Checkpoint(currentEpoch(), log.getLast().serial);
  }

  /**
   * Goes back to a checkpoint; later ones become invalid. Nothing is on its way after that.
   *
   * @throws IllegalArgumentException if the checkpoint was forgotten or undone
   */
  public void restore(Checkpoint checkpoint) {
    check(checkpoint);
    compared = null;
    if (held != null) {
      held.forget();
    }
    while (currentEpoch() >= checkpoint.epoch()) {
      Epoch epoch = log.removeLast();
      for (int i = epoch.size - 1; i >= 0; i--) {
        long[] old = epoch.frames[i];
        if (old == ZEROS) {
          allocated--;
          place(epoch.pfns[i], null, PRISTINE);
        } else {
          place(epoch.pfns[i], old, epoch.epochs[i]);
        }
      }
    }
    log.add(new Epoch(checkpoint.serial()));
  }

  private Epoch newEpoch() {
    return new Epoch(epochsMade++);
  }

  /** Every quadword that differs from the checkpoint's state, by ascending address. */
  public Changes changesSince(Checkpoint checkpoint) {
    check(checkpoint);
    Compared last = compared;
    if (last == null
        || !last.since.equals(checkpoint)
        || last.epoch != currentEpoch()
        || last.putAside != log.getLast().size) {
      var oldest = new TreeMap<Long, long[]>();
      for (int e = checkpoint.epoch() - firstEpoch; e < log.size(); e++) {
        Epoch epoch = log.get(e);
        for (int i = 0; i < epoch.size; i++) {
          oldest.putIfAbsent(epoch.pfns[i], epoch.frames[i]);
        }
      }
      last =
          new Compared(checkpoint, currentEpoch(), log.getLast().size, new Changes(oldest, this));
      compared = last;
    }
    return last.changes;
  }

  /** Good until a further frame is put aside. */
  private record Compared(Checkpoint since, int epoch, int putAside, Changes changes) {}

  /** Forgets all checkpoints before this one and frees what they kept. */
  public void forgetBefore(Checkpoint checkpoint) {
    check(checkpoint);
    int count = checkpoint.epoch() - firstEpoch;
    if (count > 0) {
      compared = null;
    }
    log.subList(0, count).clear();
    firstEpoch += count;
  }

  private void check(Checkpoint checkpoint) {
    int index = checkpoint.epoch() - firstEpoch;
    if (index < 0 || index >= log.size() || log.get(index).serial != checkpoint.serial()) {
      throw new IllegalArgumentException("no such checkpoint any more: " + checkpoint);
    }
  }
}
