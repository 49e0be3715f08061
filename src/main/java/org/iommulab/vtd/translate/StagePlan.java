package org.iommulab.vtd.translate;

import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.cache.Binding;
import org.iommulab.vtd.layout.FirstStageEntry;
import org.iommulab.vtd.layout.SecondStageEntry;
import org.iommulab.vtd.request.Rights;
import org.jspecify.annotations.Nullable;

/**
 * What {@link TableWalk} needs to know of one stage of one device: where the tables are, and how an
 * entry looks that nothing is to be said about. Filled anew for another device, never thrown away.
 */
final class StagePlan {

  private static final int DEEPEST = 5;

  /** Room for every level with and without PS. */
  private static final int SHAPES = 2 * DEEPEST + 2;

  private static final int ACCESSES = 4;
  private static final long ADDRESS = SecondStageEntry.TABLE.mask();
  private static final long PAGE = SecondStageEntry.PS.mask();

  /** Bits of addresses that are not near. */
  private static final long FAR = ADDRESS & -PhysicalMemory.NEAR;

  private static final long XD = FirstStageEntry.XD.mask();

  private Binding binding = new Binding();
  long root;
  int levels;

  /**
   * The bits of the input that must be zero once the bias is added: without a bias, those above its
   * width; with one of half its range, those that do not repeat its topmost bit.
   */
  private long beyond;

  private long bias;
  boolean isFirst;

  /** The stage that its table addresses and its output go through. */
  @Nullable StagePlan through;

  /**
   * One stage of four levels whose top table is near and in which no bit takes a right away by
   * being set; see {@link PhysicalMemory#NEAR}.
   */
  boolean isNear;

  /** How entries must look, by access. */
  private final Pattern[] patterns = {
    new Pattern(), new Pattern(), new Pattern(), new Pattern(),
  };

  /** How entries must look for one kind of access: the bits to look at, and what they must be. */
  static final class Pattern {

    /** By shape, which is level * 2 + PS. */
    final long[] looked = new long[SHAPES];

    final long[] wanted = new long[SHAPES];

    // The same of four levels, where pointers must lead to near tables.
    long table;
    long leaf;
    long lookedTop;
    long lookedTable;
    long looked1G;
    long looked2M;
    long looked4K;

    private void set(int shape, long wants, long forbidden) {
      looked[shape] = wants | forbidden;
      wanted[shape] = wants;
    }

    private void settle() {
      table = wanted[2 * 2];
      leaf = wanted[2];
      lookedTop = looked[4 * 2] | looked[4 * 2 + 1] | PAGE | FAR;
      lookedTable = looked[3 * 2] | looked[2 * 2] | FAR;
      looked1G = looked[3 * 2 + 1];
      looked2M = looked[2 * 2 + 1];
      looked4K = looked[2] | looked[2 + 1];
    }
  }

  Pattern pattern(int access) {
    return patterns[access];
  }

  /** Whether an address is one that this stage may translate. */
  boolean admits(long address) {
    return (address + bias & beyond) == 0;
  }

  /** What the plan was made from. */
  Binding binding() {
    return binding;
  }

  /** The second stage of a binding. */
  public void second(Binding from, SecondStageWalker walker) {
    binding = from;
    root = binding.secondRoot;
    levels = binding.secondLevels;
    beyond = binding.secondBeyond;
    bias = 0;
    isFirst = false;
    through = null;
    for (int access = 1; access < ACCESSES; access++) {
      for (int shape = 2; shape < SHAPES; shape++) {
        long forbidden = walker.reserved(shape >> 1, (shape & 1) << 7);
        patterns[access].set(shape, access, forbidden);
      }
      patterns[access].settle();
    }
    isNear = levels == 4 && (root & FAR) == 0;
  }

  /** The first stage of a binding, whose entries must have been used before. */
  public void first(Binding from, FirstStageWalker walker, @Nullable StagePlan second) {
    binding = from;
    root = binding.firstRoot;
    levels = binding.firstLevels;
    beyond = -1L << 12 + 9 * levels;
    bias = 1L << 11 + 9 * levels;
    isFirst = true;
    through = second;
    long used = FirstStageEntry.P.mask() | FirstStageEntry.US.mask() | FirstStageEntry.A.mask();
    used |= binding.extendedAccessed ? FirstStageEntry.EA.mask() : 0;
    long outside = second == null ? 0 : ADDRESS & binding.secondBeyond;
    for (int access = 1; access < ACCESSES; access++) {
      boolean writes = (access & Rights.WRITE) != 0;
      for (int shape = 2; shape < SHAPES; shape++) {
        boolean leaf = shape >> 1 == 1 || ((shape & 1) != 0 && shape >> 1 <= 3);
        long wants = used | (writes ? FirstStageEntry.RW.mask() : 0);
        wants |= writes && leaf ? FirstStageEntry.D.mask() : 0;
        long forbidden = walker.reserved(shape >> 1, shape & 1, second != null) | outside;
        patterns[access].set(shape, wants, forbidden | (binding.executeDisable ? 0 : XD));
      }
      patterns[access].settle();
    }
    boolean isPlain = second == null && !binding.executeDisable;
    isNear = isPlain && levels == 4 && (root & FAR) == 0;
  }
}
