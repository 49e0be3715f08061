package org.iommulab.memory;

import org.jspecify.annotations.Nullable;

/**
 * Frames that lie in somebody else's memory, such as a guest's RAM inside a process. Both answer
 * null where there is none; nothing is kept, so the owner may move a frame at any time.
 */
public interface FrameSource {

  /** The 512 quadwords of a frame for reading. */
  long @Nullable [] frame(long pfn);

  /** The 512 quadwords of a frame for writing. */
  long @Nullable [] frameForWrite(long pfn);
}
