/**
 * Paths into the state of a laboratory, such as {@code pte(nic,0x1000)}, what they have, and how
 * that is compared. Imports {@code lab.machine} and what is below it.
 */
package org.iommulab.lab.expect;
