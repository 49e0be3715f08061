package org.iommulab.linux.iommu;

import org.jspecify.annotations.Nullable;

/** What the core keeps of every domain, whatever its driver makes of it. */
public abstract class DomainCore implements IommuDomain {

  private final int id;
  private DomainType type;
  private String owner;
  private @Nullable IopfHandler iopfHandler;
  private boolean freed;

  /**
   * @param id running number
   * @param type what it is for
   * @param owner who made it, for people
   */
  protected DomainCore(int id, DomainType type, String owner) {
    this.id = id;
    this.type = type;
    this.owner = owner;
  }

  @Override
  public final int id() {
    return id;
  }

  @Override
  public final DomainType type() {
    return type;
  }

  @Override
  public final void becomeLazy() {
    type = DomainType.DMA_FQ;
  }

  @Override
  public final String owner() {
    return owner;
  }

  @Override
  public final void setOwner(String text) {
    owner = text;
  }

  @Override
  public final @Nullable IopfHandler iopfHandler() {
    return iopfHandler;
  }

  @Override
  public final void setIopfHandler(@Nullable IopfHandler handler) {
    iopfHandler = handler;
  }

  /** Frees the domain's tables. */
  protected abstract void release();

  @Override
  public final void free() {
    if (freed) {
      throw new IllegalStateException("domain " + id + " was freed twice");
    }
    freed = true;
    release();
  }
}
