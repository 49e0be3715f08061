/**
 * Instructions of x86-64 that reach memory, carried out one by one as the processor would: for
 * programs whose loads and stores somebody else has to answer. May import nothing of the
 * laboratory.
 */
package org.iommulab.peer.x86;
